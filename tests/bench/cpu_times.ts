import { readFileSync } from "node:fs";

/** What a process has had of the cores. */
export interface CpuTimes {
  readonly userUs: number;
  readonly systemUs: number;
}

/** /proc counts in hundredths of a second on every Linux (USER_HZ). */
const TICK_US = 10_000;

/** From /proc/PID/stat: utime and stime, the 14th and 15th field; the 2nd, a name in brackets, may contain anything. */
export function parseCpuTimes(stat: string): CpuTimes {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { userUs: Number(fields[11]) * TICK_US, systemUs: Number(fields[12]) * TICK_US };
}

/** Of several processes together; one that has ended counts nothing. */
export function cpuTimesOf(pids: readonly number[]): CpuTimes {
  let [userUs, systemUs] = [0, 0];
  for (const pid of pids) {
    const times = parseCpuTimes(readProc(pid, "stat") || ") " + "0 ".repeat(20));
    userUs += times.userUs;
    systemUs += times.systemUs;
  }
  return { userUs, systemUs };
}

/** A file of a process; empty where that has ended. */
export function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
}

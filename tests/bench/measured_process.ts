// Runs a client on a core of its own and says what that cost.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";

/** A command that has ended. */
export interface Measured {
  readonly stdout: string;
  /** User and system time of the command with its children, in µs, to the 10 ms that the shell's `times` tells. */
  readonly cpuUs: number;
  /** The largest resident set that was seen of any one of its processes. */
  readonly peakRssBytes: number;
}

const SAMPLE_MS = 50;

/** Rejects where the command cannot be started, exits with another code than 0, or takes longer than `limitMs`. */
export function measure(command: readonly string[], core: number | undefined, limitMs: number): Promise<Measured> {
  const pinned = core === undefined ? command : ["taskset", "-c", String(core), ...command];
  const script = '"$@"; code=$?; times >&2; exit $code';
  const child = spawn("sh", ["-c", script, "sh", ...pinned], { stdio: ["ignore", "pipe", "pipe"], detached: true });
  let peakKb = 0;
  const sampling = setInterval(() => peakKb = Math.max(peakKb, ...familyOf(child.pid!).map(residentKb)), SAMPLE_MS);
  const kill = () => process.kill(-child.pid!, "SIGKILL");
  const limit = setTimeout(kill, limitMs);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => stdout += text);
  child.stderr.setEncoding("utf8").on("data", (text: string) => stderr = (stderr + text).slice(-4000));
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (code) => {
      clearInterval(sampling);
      clearTimeout(limit);
      if (code === 0) resolve({ stdout, cpuUs: cpuUsOf(stderr), peakRssBytes: peakKb * 1024 });
      else reject(new Error(`${command.slice(0, 3).join(" ")} … ended with ${code}: ${stderr.trim().slice(0, 400)}`));
    });
  });
}

/** From the last line that `times` printed: that of the shell's children, "0m1.250s 0m0.310s". */
function cpuUsOf(stderr: string): number {
  const last = stderr.trimEnd().split("\n").at(-1) ?? "";
  return [...last.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, m, s]) => sum + (Number(m) * 60 + Number(s)) * 1e6, 0);
}

/** A process and all below it. */
function familyOf(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(" ").filter((word) => word !== "").map(Number);
  return [pid, ...children.flatMap(familyOf)];
}

function residentKb(pid: number): number {
  return Number(/VmHWM:\s*(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return ""; // it has ended
  }
}

// Runs a client on cores of its own and says what that cost, and what it cost the server.

import { spawn } from "node:child_process";
import process from "node:process";
import { type CpuTimes, cpuTimesOf, readProc } from "./cpu_times.ts";

/** A command that has ended. */
export interface Measured {
  readonly stdout: string;
  /** The command's CPU time with that of its children, in all. */
  readonly cpu: CpuTimes;
  /** How much of a second the client and the server had of the cores, in each second of the run's middle. */
  readonly clientShare: { readonly user: number; readonly system: number };
  readonly serverShare: number;
  /** The most memory that any one of its processes had resident, as the kernel knows it until 20 ms before the end. */
  readonly peakRssBytes: number;
}

interface Sample {
  readonly atMs: number;
  readonly client: CpuTimes;
  readonly server: CpuTimes;
}

const SAMPLE_MS = 20;

/** Rejects where the command cannot be started, exits with another code than 0, or takes longer than `limitMs`. */
export function measure(
  command: readonly string[],
  cores: string | undefined,
  serverPid: number,
  limitMs: number,
): Promise<Measured> {
  const [program, ...words] = cores === undefined ? command : ["taskset", "-c", cores, ...command];
  const child = spawn(program!, words, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  const samples: Sample[] = [];
  let peakKb = 0;
  const sample = () => {
    const family = familyOf(child.pid!);
    samples.push({ atMs: performance.now(), client: cpuTimesOf(family), server: cpuTimesOf([serverPid]) });
    peakKb = Math.max(peakKb, ...family.map(residentKb));
  };
  const sampling = setInterval(sample, SAMPLE_MS);
  const limit = setTimeout(() => process.kill(-child.pid!, "SIGKILL"), limitMs);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => stdout += text);
  child.stderr.setEncoding("utf8").on("data", (text: string) => stderr = (stderr + text).slice(-4000));
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (code) => {
      clearInterval(sampling);
      clearTimeout(limit);
      if (code !== 0) reject(new Error(`it ended with ${code}: ${stderr.trim().slice(0, 400)}`));
      else if (samples.length < 3) reject(new Error("it ended at once"));
      else resolve({ stdout, peakRssBytes: peakKb * 1024, ...shares(samples) });
    });
  });
}

/** From the middle, so that neither start nor end is in it. */
function shares(samples: readonly Sample[]): Pick<Measured, "cpu" | "clientShare" | "serverShare"> {
  const last = samples.findLast(({ client }) => client.userUs + client.systemUs > 0) ?? samples.at(-1)!;
  const running = samples.slice(0, samples.indexOf(last) + 1);
  const from = running[Math.floor(running.length * 0.4)]!;
  const to = running[Math.floor(running.length * 0.9)]!;
  const us = (to.atMs - from.atMs) * 1000;
  return {
    cpu: last.client,
    clientShare: {
      user: (to.client.userUs - from.client.userUs) / us,
      system: (to.client.systemUs - from.client.systemUs) / us,
    },
    serverShare: (to.server.userUs + to.server.systemUs - from.server.userUs - from.server.systemUs) / us,
  };
}

/** A process and all below it. */
function familyOf(pid: number): number[] {
  const children = readProc(pid, `task/${pid}/children`).split(" ").filter((word) => word !== "").map(Number);
  return [pid, ...children.flatMap(familyOf)];
}

function residentKb(pid: number): number {
  return Number(/VmHWM:\s*(\d+)/.exec(readProc(pid, "status"))?.[1] ?? 0);
}

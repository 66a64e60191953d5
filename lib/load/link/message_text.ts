// Messages as lines of JSON, for links that carry text. What comes from a host is checked: it may be another version of
// this program, or another program. What is undefined is left out.

import { z } from "zod";
import { decodeLatin1, encodeLatin1 } from "../../core/bytes.ts";
import { CLOCKS } from "../../record/clocks.ts";
import type { FromHost, ToHost } from "./message.ts";

/** Without a line end. */
export function messageToText(message: FromHost | ToHost): string {
  return JSON.stringify(message.kind === "open" ? withPlainInputs(message) : message);
}

/** Reads what a host said. A text: why it is no message. */
export function parseFromHost(text: string): FromHost | string {
  const json = jsonOf(text);
  if (!isMessage(json)) return `it said what nobody understands: ${text.slice(0, 60)}`;
  const parsed = fromHostSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  return `its ${json.kind}: ${path.map(String).join(".")}: ${message.replace(/^Invalid input: /, "")}`;
}

/** Reads what a host is told, by the program that started it. */
export function parseToHost(text: string): ToHost {
  const message = JSON.parse(text) as ToHost | PlainOpen;
  if (message.kind !== "open") return message;
  const { task } = message as PlainOpen;
  const { bodies, ...inputs } = task.inputs;
  const bytes = bodies && { bodies: mapped(bodies, (base64) => encodeLatin1(atob(base64))) };
  return { kind: "open", task: { ...task, inputs: { ...inputs, ...bytes } } };
}

type Open = ToHost & { readonly kind: "open" };

/** JSON has no typed arrays; nothing else in a message is one. */
interface PlainOpen {
  readonly kind: "open";
  readonly task: Omit<Open["task"], "inputs"> & {
    /** Bodies in base64. */
    readonly inputs: Omit<Open["task"]["inputs"], "bodies"> & { readonly bodies?: Readonly<Record<string, string>> };
  };
}

function withPlainInputs({ kind, task }: Open): PlainOpen {
  const { timestampsMs, bodies, ...inputs } = task.inputs;
  const plain = {
    ...inputs,
    timestampsMs: timestampsMs && Array.from(timestampsMs),
    ...(bodies && { bodies: mapped(bodies, (bytes) => btoa(decodeLatin1(bytes))) }),
  };
  return { kind, task: { ...task, inputs: plain } };
}

function mapped<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

function isMessage(json: unknown): json is { kind: string } {
  return typeof json === "object" && json !== null && "kind" in json && KINDS.has(json.kind);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const number = z.number();
const byCode = z.record(z.string(), number);
const packed = z.object({ counts: z.array(number), max: number });
const ending = z.object({ outcome: z.enum(["completed", "stopped", "interrupted"]), reason: z.string() });
const counts = { dialing: number, inUse: number, idle: number, waiting: number, heldBodies: number };
const requests = { offered: number, completed: number, failed: number, inFlight: number, unsent: number };
const processSample = z.object({
  rssBytes: number,
  heapBytes: number,
  externalBytes: number,
  arrayBuffersBytes: number.optional(),
  descriptors: number.optional(),
  cpuUs: number,
  runnableUs: number,
});

const runtime = z.object({
  name: z.enum(["node", "deno", "bun"]),
  version: z.string(),
  os: z.string(),
  arch: z.string(),
  cpus: number,
});

const problem = z.object({
  message: z.string(),
  usage: z.object({ field: z.string(), problem: z.string() }).optional(),
  transport: z.object({
    code: z.string(),
    side: z.enum(["local", "remote"]),
    phase: z.enum(["dial", "tls", "proxy", "write", "head", "body", "pool"]),
  }).optional(),
});

const census = z.object({
  live: number,
  ...counts,
  readLoops: byCode,
  writeLoops: byCode,
  totals: z.object({ dialed: number, reused: number, retried: number, closed: byCode }),
});

const second = z.object({
  ...requests,
  elapsedMs: number,
  answeredInGrace: number,
  latency: z.record(z.enum(CLOCKS), packed),
  loopDelay: packed,
  lateUs: number,
  oldestMs: number,
  byStatus: byCode,
  errors: z.record(z.string(), packed),
  byRequest: z.array(z.object({
    offered: number,
    completed: number,
    failed: number,
    held: number,
    censored: number,
    byStatus: byCode,
    byError: byCode,
    response: packed,
    failures: packed,
  })),
  heldByRequest: z.array(number),
  traffic: z.object({ bytesSent: number, bytesReceived: number }),
  census,
  thread: z.object({ cpuUs: number, runnableUs: number }).optional(),
  process: processSample,
  workers: z.array(z.object({
    offered: number,
    completed: number,
    failed: number,
    responseP99Us: number,
    lagP99Us: number,
    loopDelayP99Us: number,
    lateUs: number,
    cpuUs: number.optional(),
  })).optional(),
});

const fromHostSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("loaded") }),
  z.object({ kind: z.literal("ready"), runtime, socket: z.enum(["node", "bun", "deno", "fetch"]) }),
  z.object({ kind: z.literal("problem"), problem }),
  z.object({
    kind: z.literal("tick"),
    requests: z.object(requests),
    counts: z.object(counts),
    process: processSample,
  }),
  z.object({ kind: z.literal("warm"), offered: number.optional(), early: ending.optional() }),
  z.object({ kind: z.literal("second"), second }),
  z.object({ kind: z.literal("dispatched"), forMs: number }),
  z.object({ kind: z.literal("ended"), ending, second, forMs: number }),
  z.object({ kind: z.literal("cooled"), offered: number }),
  z.object({
    kind: z.literal("inventory"),
    inventory: z.object({
      durationMs: number,
      census,
      heldByRequest: z.array(number),
      process: processSample,
      sockets: z.object({ kernel: number, live: number.optional(), dialing: number.optional() }).optional(),
    }),
  }),
  z.object({ kind: z.literal("closed") }),
]);

const KINDS: ReadonlySet<unknown> = new Set(fromHostSchema.options.map(({ shape }) => shape.kind.value));

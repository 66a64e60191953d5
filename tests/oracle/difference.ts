import { comparable } from "./deviations.ts";
import type { Program } from "./program.ts";
import type { RequestReport, StepReport } from "./report.ts";
import { requestsOf } from "./script_server.ts";

/** The first step after which two reports of one program differ, and the lines in which they do; undefined: they agree. */
export interface Difference {
  readonly step: number;
  readonly lines: readonly string[];
}

export function difference(
  program: Program,
  expected: readonly StepReport[],
  actual: readonly StepReport[],
  names: readonly [string, string],
): Difference | undefined {
  const left = comparable(program, expected);
  const right = comparable(program, actual);
  for (let step = 0; step < left.length; step++) {
    const a = lines(left[step]!);
    const b = lines(right[step]!);
    const differing = [...new Set([...a.keys(), ...b.keys()])].filter((key) => a.get(key) !== b.get(key));
    if (differing.length === 0) continue;
    const width = Math.max(...names.map((name) => name.length));
    return {
      step,
      lines: [
        ...differing.flatMap((key) => [
          key,
          `  ${names[0].padEnd(width)}  ${a.get(key) ?? "(nothing)"}`,
          `  ${names[1].padEnd(width)}  ${b.get(key) ?? "(nothing)"}`,
        ]),
        ...details(names[0].padEnd(width), expected[step]!),
        ...details(names[1].padEnd(width), actual[step]!),
      ],
    };
  }
  return undefined;
}

function lines({ server, client }: StepReport): Map<string, string> {
  const found = new Map<string, string>();
  found.set("dials", String(server.dials));
  found.set("open at the server", String(server.open));
  found.set("open at the client", String(client.live));
  found.set("disturbed", server.disturbed);
  for (const request of server.requests) {
    const colon = request.indexOf(":");
    found.set(`${request.substring(0, colon)} at the server`, request.substring(colon + 2));
  }
  for (const { id, ...rest } of client.requests) {
    for (const [key, value] of Object.entries(rest)) found.set(`request ${id}, ${key}`, JSON.stringify(value));
  }
  return found;
}

function details(name: string, { client }: StepReport): string[] {
  return client.requests.filter((request) => request.detail !== "")
    .map((request) => `  ${name}  request ${request.id} said: ${request.detail}`);
}

/** A program in a few lines, for people; the steps after `lastStep` are left out. */
export function describe(program: Program, lastStep = program.steps.length): string[] {
  const options = Object.entries(program.options).filter(([, value]) => value !== 0 && value !== false)
    .map(([name, value]) => `${name} ${value}`);
  const steps = program.steps.map((step, index) => {
    const requests = requestsOf(step);
    if (requests.length === 0) return `step ${index}: ${JSON.stringify(step)}`;
    return requests.map((request) => {
      const { script, ...rest } = request;
      const { name, ...what } = program.scripts[script]!;
      return `step ${index}: ${step.op} ${JSON.stringify(rest)}\n    answered by ${name}: ${
        short(JSON.stringify(what))
      }`;
    }).join("\n");
  });
  if (lastStep < steps.length) steps.splice(lastStep + 1);
  return [`options: ${options.join(", ") || "none"}; hosts: ${program.hosts}; settle ${program.settleMs} ms`, ...steps];
}

function short(text: string): string {
  return text.length <= 600 ? text : `${text.substring(0, 600)}… (${text.length} characters)`;
}

/** All of a report, for one program looked at closely. */
export function show(report: StepReport): string[] {
  const requests = report.client.requests.map((request: RequestReport) => `  ${JSON.stringify(request)}`);
  return [
    `  dials ${report.server.dials}, open at the server ${report.server.open}, at the client ${report.client.live}`,
    ...report.server.requests.map((line) => `  ${line}`),
    ...requests,
  ];
}

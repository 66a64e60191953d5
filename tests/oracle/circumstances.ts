import type { Program, RequestSpec, Script } from "./program.ts";
import type { RequestReport } from "./report.ts";
import { requestsOf } from "./script_server.ts";

/** What had been done to a request and its connection when a report was made. */
export interface Circumstances {
  /** The caller had closed its body, or cancelled it. */
  readonly closed: boolean;
  readonly canceled: boolean;
  /** The server may have reset its connection. */
  readonly reset: boolean;
  /** The server's script is of that sort. */
  readonly surplus: boolean;
  readonly cut: boolean;
  /** Its response has no body. */
  readonly bodyless: boolean;
}

/** The circumstances of the request of this report, which was made after the step with this index. */
export function circumstancesOf(program: Program, step: number, { id, head }: RequestReport): Circumstances {
  const past = program.steps.slice(0, step + 1);
  const spec = past.flatMap(requestsOf).find((request) => request.id === id)!;
  const script = program.scripts[spec.script]!;
  return {
    closed: spec.then === "close" || past.some((each) => each.op === "close" && each.id === id),
    canceled: past.some((each) => each.op === "cancel" && each.id === id),
    reset: resets(script) || past.some((each) => each.op === "disturb" && each.end === "rst"),
    surplus: script.surplus === true,
    cut: script.cut === true,
    bodyless: head !== null && isBodyless(spec, head),
  };
}

/** The server resets the connection in the course of this script. */
export function resets({ actions, reusedActions }: Script): boolean {
  return [...actions, ...reusedActions ?? []].some((action) => action.do === "rst");
}

function isBodyless({ method, upgrade }: RequestSpec, { status, contentLength }: NonNullable<RequestReport["head"]>) {
  return method === "HEAD" || status === 304 || contentLength === 0 && !(upgrade && status === 101);
}

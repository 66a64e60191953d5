import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { packageRoot } from "../../cli/process/runtimes.ts";

/** The members of a declaration that have no docstring right before them. */
function undocumented(file: string, opening: string, member: RegExp): string[] {
  const text = readFileSync(join(packageRoot, "lib", "transport", file), "utf8");
  const body = text.slice(text.indexOf(opening)).split(/^}|;$\n(?! {2})/m)[0]!;
  const lines = body.split("\n").slice(1);
  const members = lines.flatMap((line, index) =>
    member.test(line) ? [[line.trim(), lines[index - 1] ?? ""] as const] : []
  );
  assert.ok(members.length >= 16, `${members.length} members of ${opening}`);
  return members.filter(([, before]) => !/\*\/$/.test(before)).map(([line]) => line);
}

test("docstrings: every option of a transport has its line", () => {
  assert.deepEqual(
    undocumented("options/options.ts", "export interface TransportOptions {", /^ {2}readonly \w+\?:/),
    [],
  );
});

test("docstrings: every hook of a trace has its line", () => {
  assert.deepEqual(undocumented("trace.ts", "export interface Trace {", /^ {2}\w+\?\(/), []);
});

test("docstrings: every reason for closing a connection has its line", () => {
  assert.deepEqual(undocumented("close_reason.ts", "export type CloseReason =", /^ {2}\| "/), []);
});

import assert from "node:assert/strict";
import test from "node:test";
import { type FieldRef, UsageError } from "../../lib/scenario/usage_error.ts";

const CASES: readonly (readonly [error: UsageError, message: string])[] = [
  [UsageError.expected("a.b", "a number"), "a.b: expected a number"],
  [UsageError.expected("a.b", "a number", "x"), 'a.b: expected a number, got "x"'],
  [UsageError.conflict("a.b", "a.c"), "a.b: cannot be used with a.c"],
  [UsageError.conflict("a.b", { path: "a.c", value: "x" }, "why"), "a.b: cannot be used with a.c x: why"],
  [UsageError.needs("a.b", ["a.c"]), "a.b: needs a.c"],
  [UsageError.needs("a.b", ["a.c", "a.d", "a.e"], "why"), "a.b: needs a.c, a.d or a.e: why"],
  [UsageError.above("a.b", "a.c", 2, 3), "a.b: expected at most 2 (a.c), got 3"],
  [new UsageError("a.b", "it is broken"), "a.b: it is broken"],
];

test("usage error: each kind of problem is one line, with the field in front", () => {
  for (const [error, message] of CASES) assert.equal(error.message, message);
});

test("usage error: other names take the place of the field and of those that the problem speaks of", () => {
  const names = (field: FieldRef) => field.path === "a.c" ? `--c${field.value === undefined ? "" : "-x"}` : undefined;
  const lines = CASES.map(([error]) => error.named("--b", names).message);
  assert.deepEqual(lines, [
    "--b: expected a number",
    '--b: expected a number, got "x"',
    "--b: cannot be used with --c",
    "--b: cannot be used with --c-x: why",
    "--b: needs --c",
    "--b: needs --c, a.d or a.e: why",
    "--b: expected at most 2 (--c), got 3",
    "--b: it is broken",
  ]);
});

test("usage error: a name once given stays when the field gets another one", () => {
  const error = UsageError.conflict("a.b", "a.c").named("--b", () => "--c");
  assert.equal(error.named("mine.json: a.b").message, "mine.json: a.b: cannot be used with --c");
});

test("usage error: what was given is cut, and control characters never reach the terminal", () => {
  assert.equal(UsageError.expected("a", "less", "x".repeat(100)).message, `a: expected less, got "${"x".repeat(56)}…`);
  assert.equal(new UsageError("a\x1b[2J", "b\n c").message, "a [2J: b c");
  assert.equal(new UsageError("a", "x".repeat(1000)).message.length, 500);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { errorHints } from "../../../lib/report/section/error_hints.ts";

const PHASES = ["dial", "tls", "proxy", "write", "head", "body", "pool"];

/** Options and addresses that a run refuses before its first request. */
const REFUSED = ["badOption"];

/** The tables in which the codes of errors are documented: rows of codes, and of the phases or sides they belong to. */
function rowsOf(file: string): { codes: string[]; where: string[] }[] {
  const folder = import.meta.url.includes("/dist/") ? "../../../../" : "../../../";
  const text = readFileSync(new URL(`${folder}${file}`, import.meta.url), "utf8");
  return [...text.matchAll(/^ \* \| ([\w`, ]+) \| ([\w, ]+) \| /gm)].map(([, codes, where]) => ({
    codes: codes!.replaceAll("`", "").split(", "),
    where: where!.split(", "),
  })).filter(({ codes }) => codes[0] !== "code");
}

test("error hints: each code that the transport makes has a sentence", () => {
  const rows = rowsOf("lib/transport/transport_error.ts").filter(({ codes }) => !codes[0]!.startsWith("a"));
  assert.ok(rows.length > 20, `${rows.length} rows`);
  for (const { codes, where } of rows) {
    for (const code of codes.filter((code) => !REFUSED.includes(code))) {
      for (const phase of where.includes("any") ? PHASES : where) {
        assert.equal(errorHints([`${phase}/${code}`]).length, 1, `${phase}/${code}`);
      }
    }
  }
});

test("error hints: each way to break HTTP has a sentence", () => {
  const rows = rowsOf("lib/http1/protocol_error.ts");
  assert.ok(rows.length > 15, `${rows.length} rows`);
  for (const { codes, where } of rows) {
    for (const phase of where.flatMap((side) => side === "local" ? ["write"] : ["head", "body"])) {
      assert.equal(errorHints([`${phase}/${codes[0]}`]).length, 1, `${phase}/${codes[0]}`);
    }
  }
});

test("error hints: the system's codes have one wherever they come", () => {
  for (const code of ["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EMFILE", "ENOTFOUND", "EHOSTUNREACH", "EPIPE"]) {
    for (const phase of ["dial", "proxy"]) assert.equal(errorHints([`${phase}/${code}`]).length, 1, `${phase}/${code}`);
  }
  for (const key of ["head/ECONNRESET", "body/ECONNRESET", "write/EPIPE", "tls/ECONNRESET", "head/EPIPE"]) {
    assert.equal(errorHints([key]).length, 1, key);
  }
});

test("error hints: several codes with one cause share its sentence, and an unknown one has none", () => {
  assert.equal(errorHints(["body/unexpectedEof", "body/ECONNRESET"]).length, 1);
  assert.deepEqual(errorHints(["other"]), []);
  const [sentence] = errorHints(["head/firstByteRead"]);
  assert.match(sentence!, /^The server closed connections before the first byte of an answer: it crashed or restarts/);
});

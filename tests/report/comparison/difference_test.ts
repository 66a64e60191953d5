import assert from "node:assert/strict";
import test from "node:test";
import { explainDifference } from "../../../lib/report/comparison/difference.ts";
import type { Result } from "../../../lib/result/result.ts";
import { allFailedResult, cleanResult, leakingResult } from "../../support/result_fixture.ts";

const read = { label: "bodies read", result: cleanResult() };
const held = { label: "bodies never closed", result: leakingResult() };

function withConnections(result: Result, connections: Partial<Result["connections"]>): Result {
  return { ...result, connections: { ...result.connections, ...connections } };
}

test("difference: held bodies are explained with the figures of the run", () => {
  assert.equal(
    explainDifference(read, held),
    "With bodies read, 3 connections served 5,000 requests. With bodies never closed, each request dialed a connection " +
      "of its own that stayed: 5,000 live, +28.0 MiB, 5.7 KiB each, because the read loop of each waits for a body " +
      "nobody reads.",
  );
});

test("difference: what did not happen is not claimed", () => {
  const tell = (result: Result) => explainDifference(read, { label: "bodies never closed", result });
  assert.match(tell(cleanResult()), /never closed, 3 connections served 5,000 requests as well: no body was held\.$/);
  assert.match(tell(allFailedResult()), /never closed, no request completed\.$/);
  const limited = withConnections(leakingResult(), {
    dialed: 10,
    live: { start: 0, peak: 10, end: 10 },
    waiting: { start: 0, peak: 4990, end: 4990 },
    readLoops: { awaitingBodyRead: 10 },
  });
  const few = { ...limited, requests: { ...limited.requests, completed: 10 } };
  assert.match(tell(few), /: 10 live, .* nobody reads, and 4,990 requests waited for a connection in vain\.$/);
  const some = withConnections(leakingResult(), { dialed: 1000, readLoops: { awaitingBodyRead: 1000 } });
  assert.match(tell(some), /1,000 connections were dialed for 5,000 requests, and stayed/);
  const flat = { ...leakingResult(), memory: cleanResult().memory };
  const shrunk = { ...flat, memory: { ...flat.memory, rssBytes: { start: 10, peak: 10, end: 5 } } };
  assert.doesNotMatch(tell(shrunk), /\+|each,/);
});

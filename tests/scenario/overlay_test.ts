import assert from "node:assert/strict";
import test from "node:test";
import { overlay } from "../../lib/scenario/overlay.ts";

test("overlay: what lies above wins field by field, the rest shows through", () => {
  const over = overlay({ name: "a", load: { rps: 1, grace: "2s" } }, { load: { rps: 5 } });
  assert.equal(over.name, "a");
  assert.deepEqual(over.load, { rps: 5, grace: "2s" });
});

test("overlay: a number of requests replaces a duration, and a duration a number", () => {
  assert.deepEqual(overlay({ load: { duration: "8s" } }, { load: { requests: 3 } }).load, { requests: 3 });
  assert.deepEqual(overlay({ load: { requests: 3 } }, { load: { duration: "8s" } }).load, { duration: "8s" });
  const both = { requests: 3, duration: "8s" };
  assert.deepEqual(overlay({ load: { duration: "1s" } }, { load: both }).load, both);
});

test("overlay: stages and timestamps say how long a run is, whatever the file has", () => {
  const base = { load: { rps: 5, duration: "8s", requests: 3 } };
  const stages = [{ duration: "1s", rps: 9 }];
  assert.deepEqual(overlay(base, { load: { stages } }).load, { rps: 5, stages });
  assert.deepEqual(overlay({ load: { stages } }, { load: { duration: "1s" } }).load, { stages, duration: "1s" });
  assert.deepEqual(overlay({ load: { stages } }, { load: { requests: 2 } }).load, { stages, requests: 2 });
});

test("overlay: rates and timestamps take each other's place, and constant arrivals that of a seed", () => {
  const stages = [{ duration: "1s", rps: 9 }];
  const timestamps = { load: { timestamps: "x" } };
  assert.deepEqual(
    overlay({ load: { rps: 5, stages, arrivals: "poisson", seed: 2 } }, timestamps).load,
    timestamps.load,
  );
  assert.deepEqual(overlay({ load: { timestamps: "x" } }, { load: { rps: 5 } }).load, { rps: 5 });
  assert.deepEqual(
    overlay({ load: { rps: 5, arrivals: "poisson", seed: 2 } }, { load: { arrivals: "constant" } }).load,
    {
      rps: 5,
      arrivals: "constant",
    },
  );
});

test("overlay: headers add up, and a name replaces the same name in other letters", () => {
  const { request } = overlay({ request: { headers: { Accept: "a", x: "1" } } }, {
    request: { headers: { accept: "b" } },
  });
  assert.deepEqual(request?.headers, { x: "1", accept: "b" });
});

test("overlay: an expected status takes the place of each request's own, and leaves what else is expected", () => {
  const over = { request: { expect: { status: "any" as const } } };
  const expect = { status: 200, bodyIncludes: "x" };
  assert.deepEqual(overlay({ requests: [{ expect }, {}] }, over).requests, [
    { expect: { status: "any", bodyIncludes: "x" } },
    { expect: { status: "any" } },
  ]);
});

test("overlay: a file's certificate and a flag's key are a pair", () => {
  const { tls } = overlay({ tls: { cert: "a.pem", key: "a.key" } }, { tls: { key: "b.key" } });
  assert.deepEqual(tls, { cert: "a.pem", key: "b.key" });
});

test("overlay: a fixed body size replaces a range", () => {
  const { target } = overlay({ target: { bodyBytes: 1, bodyBytesMax: 9 } }, { target: { bodyBytes: 20 } });
  assert.deepEqual(target, { bodyBytes: 20 });
});

import assert from "node:assert/strict";
import test from "node:test";
import { decodeLatin1 } from "../../../lib/core/bytes.ts";
import { Random } from "../../../lib/core/random.ts";
import { TransportRequestKind } from "../../../lib/load/client/transport_request.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import type { Scenario } from "../../../lib/scenario/scenario.ts";
import { compileRequests } from "../../../lib/scenario/template/compile.ts";
import type { Iteration } from "../../../lib/scenario/template/scope.ts";
import { encodingOf } from "../../../lib/transport/http1/request_encoding.ts";
import type { PreparedRequest } from "../../../lib/transport/request/prepared_request.ts";
import { Transport } from "../../../lib/transport/transport.ts";

const transport = new Transport({ disableCompression: true });

function render(request: Scenario["request"], values: readonly string[]) {
  const columns = values.map((_, index) => `c${index}`);
  const plan = resolve({ baseUrl: "http://h:81", request: request!, feeders: [{ file: "x.csv" }] });
  const [compiled] = compileRequests(plan, { feeds: [{ columns, rows: [values] }] });
  const iteration: Iteration = { index: 3, uuid: "u", rows: [values], random: new Random(1) };
  return new TransportRequestKind(compiled!, (gapped) => transport.prepareForm(gapped)).prepared(iteration);
}

function onWire(request: PreparedRequest): string {
  const { bytes, laterBody } = encodingOf(request);
  return decodeLatin1(bytes) + (laterBody === undefined ? "" : decodeLatin1(laterBody));
}

test("transport request: it sends what the transport would make of the filled request, to the byte", () => {
  const long = "ü".repeat(50_000);
  const cases: [template: Scenario["request"], values: string[], filled: Parameters<Transport["prepare"]>[0]][] = [
    [{ url: "/{{c0}}/x?y={{c1}}&i={{index}}" }, ["a", "b c"], { url: "http://h:81/a/x?y=b%20c&i=3" }],
    [
      { method: "POST", headers: { "x-a": "{{c0}}", "x-b": ["1", "{{c0}}"] }, body: "{{c1}}-é-{{c1}}" },
      ["\u00fc", "ü€"],
      {
        method: "POST",
        url: "http://h:81/",
        headers: { "x-a": "\u00fc", "x-b": ["1", "\u00fc"] },
        body: "ü€-é-ü€",
      },
    ],
    [{ method: "PUT", body: "{{c0}}" }, [long], { method: "PUT", url: "http://h:81/", body: long }],
    [
      { method: "PUT", url: "/{{index}}", body: `${long}{{c0}}` },
      ["é"],
      { method: "PUT", url: "http://h:81/3", body: `${long}é` },
    ],
    [
      { method: "PUT", headers: { Expect: "100-continue", host: "{{c0}}.example" }, body: "a{{c0}}" },
      ["b"],
      { method: "PUT", url: "http://h:81/", headers: { Expect: "100-continue", host: "b.example" }, body: "ab" },
    ],
  ];
  for (const [template, values, filled] of cases) {
    const got = render(template, values);
    const wanted = transport.prepare(filled);
    assert.equal(onWire(got), onWire(wanted));
    assert.deepEqual([got.method, got.replayable, got.expectsContinue, got.route.key, got.close], [
      wanted.method,
      wanted.replayable,
      wanted.expectsContinue,
      wanted.route.key,
      wanted.close,
    ]);
  }
});

test("transport request: each rendering has bytes of its own, beyond the end of a slab too", () => {
  const plan = resolve({ request: { url: "http://h/{{index}}" } });
  const kind = new TransportRequestKind(compileRequests(plan, {})[0]!, (gapped) => transport.prepareForm(gapped));
  const all = Array.from(
    { length: 2000 },
    (_, index) => kind.prepared({ index, uuid: "", rows: [], random: new Random(1) }),
  );
  all.map(encodingOf).forEach(({ bytes }, index) => {
    assert.ok(new TextDecoder().decode(bytes).startsWith(`GET /${index} HTTP/1.1\r\n`), String(index));
  });
});

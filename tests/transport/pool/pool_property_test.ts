// The programs that once broke the pool's invariants (tests/fuzz/pool_test.ts found most of them), one test each. They
// run on the fake network and its clock: nothing here depends on time.

import assert from "node:assert/strict";
import test from "node:test";
import type { TransportOptions } from "../../../lib/transport/options/options.ts";
import type { NetworkOptions } from "../../fuzz/fake_network.ts";
import { type RequestPlan, World } from "../../fuzz/pool_world.ts";
import { COLLECTS_ALL, collectUntil } from "../../support/collect_garbage.ts";

const GET: RequestPlan = {
  host: 0,
  method: "GET",
  upload: "none",
  getBody: false,
  expectContinue: false,
  close: false,
  answer: "length",
  policy: { onHead: "read" },
};

function world(options: TransportOptions = {}, network: Partial<NetworkOptions> = {}): World {
  return new World(options, { dials: ["opens"], takes: [true], resetAtOnce: false, ...network });
}

test("pool: an idle timer that is late leaves one pool a host, so maxConnsPerHost holds", async () => {
  const it = world({ maxConnsPerHost: 1, idleConnTimeoutMs: 100 });
  it.request(GET);
  await it.settle(0);
  it.clock.lag(200);
  const late = it.request({ ...GET, answer: "stalls" });
  const next = it.request(GET);
  await it.settle(0);
  assert.equal(it.network.open.length, 1);
  late.do("cancel");
  await it.settle(0);
  assert.equal(next.state, "ended");
});

test("pool: a dial started by another's time-out delays no time-out", () => {
  const it = world({ maxConnsPerHost: 2, dialTimeoutMs: 100 }, { dials: ["stalls"] });
  const first = it.request({ ...GET, policy: { onError: "again" } });
  it.clock.advance(50);
  const second = it.request(GET);
  it.clock.advance(60);
  assert.equal(first.state, "sending");
  it.clock.advance(50);
  assert.equal(second.error?.code, "ETIMEDOUT");
});

test("pool: a dialTimeoutMs of 0 is no limit", () => {
  const it = world({ dialTimeoutMs: 0 }, { dials: ["stalls"] });
  const request = it.request(GET);
  it.clock.advance(3_600_000);
  assert.equal(request.state, "sending");
});

for (const hook of ["getConn", "gotConn", "onSent", "wroteHeaders", "wroteRequest", "gotFirstResponseByte"] as const) {
  for (const upload of ["none", "chunks"] as const) {
    test(`pool: a request of body ${upload} cancelled from ${hook} ends there, and leaves nothing behind`, async () => {
      const it = world({ maxConnsPerHost: 1 });
      const cancelled = it.request({ ...GET, upload, policy: { onHead: "read", [hook]: "cancel" } });
      const next = it.request(GET);
      await it.settle(0);
      it.clock.advance(300);
      await it.settle(0);
      assert.equal(cancelled.error?.code, "canceled");
      assert.equal(next.state, "ended");
    });
  }
}

for (const hook of ["connectStart", "connectDone"] as const) {
  test(`pool: a transport closed from ${hook} dials no further`, async () => {
    for (const host of [0, 1, 2]) {
      const it = world();
      const request = it.request({ ...GET, host, policy: { [hook]: "closePool" } });
      await it.settle(0);
      it.clock.advance(300);
      it.check();
      assert.equal(request.error?.code, "transportClosed");
      assert.deepEqual([it.network.sockets.size, it.clock.pending, it.pool.counts.dialing], [0, 0, 0]);
    }
  });
}

test("pool: a large body that the socket takes whole ends its request", async () => {
  const it = world();
  const request = it.request({ ...GET, method: "POST", upload: "large" });
  await it.settle(0);
  assert.equal(request.state, "ended");
});

test("pool: a GET whose stream turns out empty is sent once, though its write takes long", async () => {
  const it = world({}, { takes: [false] });
  const request = it.request({ ...GET, upload: "empty" });
  it.network.deliver(0);
  await it.breathe();
  const { bytesSent } = it.network;
  assert.ok(bytesSent > 0);
  it.clock.advance(400);
  assert.equal(it.network.bytesSent, bytesSent);
  await it.settle(0);
  assert.equal(request.state, "ended");
});

for (const act of ["pause", "close", "cancel"] as const) {
  test(`pool: ${act} from onTrailers comes too late to matter`, async () => {
    const it = world();
    const request = it.request({ ...GET, answer: "trailers", policy: { onHead: "read", onTrailers: act } });
    await it.settle(0);
    it.check();
    assert.equal(request.state, "ended");
    assert.equal(it.pool.counts.idle, 1);
  });
}

for (const act of ["read", "close", "cancel", "closePool"] as const) {
  test(`pool: ${act} from onData, while the rest of a connection is handed over, ends well`, async () => {
    for (const end of ["reset", "cancel"] as const) {
      const it = world({ maxConnsPerHost: 1 }, { resetAtOnce: end === "reset" });
      const answer = end === "reset" ? "chunksThenReset" : "chunked";
      const request = it.request({ ...GET, answer, policy: { onData: act } });
      const next = it.request(GET);
      await it.settle(0);
      if (end === "cancel") request.do("cancel");
      await it.settle(0);
      it.clock.advance(100);
      await it.settle(0);
      it.check();
      assert.ok(request.over, request.state);
      assert.equal(next.state, act === "closePool" ? "failed" : "ended");
    }
  });
}

test("pool: trailers that arrived before a cancel are handed over with the rest", async () => {
  const it = world();
  const request = it.request({ ...GET, answer: "trailers", policy: {} });
  await it.settle(0);
  request.do("cancel");
  assert.equal(request.state, "failed");
  const other = it.request({ ...GET, answer: "trailersAtOnce", policy: {} });
  await it.settle(0);
  other.do("cancel");
  assert.deepEqual([other.state, other.trailers], ["ended", 1]);
});

test("pool: idleTimeMs is never counted from before the last request", async () => {
  const it = world();
  const idleTimesMs: number[] = [];
  const trace = { gotConn: ({ idleTimeMs }: { idleTimeMs: number }) => idleTimesMs.push(idleTimeMs) };
  it.request(GET, trace);
  await it.settle(0);
  it.clock.advance(1000);
  it.request(GET);
  await it.settle(0);
  it.clock.advance(10);
  it.request(GET, trace);
  await it.settle(0);
  assert.deepEqual(idleTimesMs, [0, 0]);
});

test("pool: a host that could not be dialed is forgotten, with the request that asked for it", async () => {
  const it = world({}, { dials: ["refused"] });
  const refs: WeakRef<object>[] = [];
  for (let i = 0; i < 20; i++) {
    const probe = it.request({ ...GET, host: i + 10 });
    refs.push(new WeakRef(probe));
    while (it.network.deliver(0));
    assert.equal(probe.error?.code, "ECONNREFUSED");
    it.exchanges.length = 0;
  }
  const kept = () => refs.filter((ref) => ref.deref() !== undefined).length;
  assert.ok(await collectUntil(() => kept() <= (COLLECTS_ALL ? 1 : 10)), `${kept()} requests are kept`);
});

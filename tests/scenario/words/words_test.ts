import assert from "node:assert/strict";
import test from "node:test";
import { resolve } from "../../../lib/scenario/resolve.ts";
import type { Scenario } from "../../../lib/scenario/scenario.ts";
import { destinationInWords, planInWords } from "../../../lib/scenario/words/words.ts";

test("words: a plan is said in one line", () => {
  const cases: [Scenario, string][] = [
    [
      { load: { rps: 500 }, request: { bodyPolicy: "hold" } },
      "500 rps in all, 10 s, up to ∞ connections, bodies never closed",
    ],
    [
      { load: { rps: 5, warmup: "1s", cooldown: "2s", settle: "5s" } },
      "5 rps in all, 10 s, up to ∞ connections, after 1 s of warm-up, 2 s more to cool down, then 5 s to settle, " +
      "bodies read to their end",
    ],
    [{}, "as fast as 64 senders can, 10 s, bodies read to their end"],
    [{ load: { requests: 1, connections: 1 } }, "as fast as 1 sender can, 1 request, bodies read to their end"],
    [
      { load: { rps: 5000, requests: 100, duration: "1m30s", connections: 1 }, request: { bodyPolicy: "close" } },
      "5,000 rps in all, 100 requests, at most 1 m 30 s, up to 1 connection, bodies closed unread",
    ],
    [
      { request: { method: "POST" }, transport: { disableKeepAlives: true } },
      "POST, as fast as 64 senders can, 10 s, a new connection each, bodies read to their end",
    ],
    [
      { load: { rps: 100, stages: [{ duration: "30s", rps: 1000 }, { duration: "1m", rps: 1000 }] } },
      "100 → 1,000 rps over 30 s, then 1,000 rps for 1 m, up to ∞ connections, bodies read to their end",
    ],
    [
      {
        load: {
          stages: [{ duration: "0", rps: 50 }, { duration: "10s", rps: 50 }, { duration: "0", rps: 0.5 }, {
            duration: "1s",
            rps: 0,
          }],
          duration: "5s",
          requests: 7,
          arrivals: "poisson",
          seed: 3,
        },
      },
      "50 rps for 10 s, then 0.5 → 0 rps over 1 s, Poisson arrivals (seed 3), at most 7 requests, at most 5 s, " +
      "up to ∞ connections, bodies read to their end",
    ],
    [
      { load: { stages: Array.from({ length: 9 }, (_, i) => ({ duration: "10s", rps: i * 1000 })) } },
      "9 stages of up to 8,000 rps in 1 m 30 s, up to ∞ connections, bodies read to their end",
    ],
    [
      { load: { rps: 5, arrivals: "poisson" } },
      "5 rps in all, Poisson arrivals (seed 1), 10 s, up to ∞ connections, bodies read to their end",
    ],
    [
      { load: { timestamps: "a/times.txt", duration: "1m" } },
      "at the times in a/times.txt, at most 1 m, up to ∞ connections, bodies read to their end",
    ],
    [
      { load: { thinkTime: "100ms" } },
      "64 senders that wait 100 ms between requests, 10 s, bodies read to their end",
    ],
    [
      { load: { thinkTime: "1s", connections: 1, requests: 3 } },
      "1 sender that waits 1 s between requests, 3 requests, bodies read to their end",
    ],
  ];
  for (const [scenario, words] of cases) assert.equal(planInWords(resolve(scenario)), words);
});

test("words: a destination is said without its credentials", () => {
  const cases: [Scenario, string][] = [
    [{}, "an embedded target with 1 KiB bodies"],
    [
      { target: { bodyBytes: 100, bodyBytesMax: 2048, chunked: true, latency: "5ms", slowBody: "1s" } },
      "an embedded target with 100 B to 2 KiB bodies, chunked, after 5 ms, over 1 s",
    ],
    [{ request: { url: "http://me:secret@h/?token=abc" } }, "http://***@h/?token=***"],
    [{ transport: { unixSocket: "/run/x" } }, "http://localhost/ through /run/x"],
    [{ request: { url: "http://h/" }, tls: { insecure: true } }, "http://h/"],
    [
      { request: { url: "https://h/" }, transport: { proxy: "http://me:secret@proxy:3128" } },
      "https://h/ through the proxy http://***@proxy:3128",
    ],
    [{ request: { url: "https://h/" }, tls: { cacert: "ca.pem" } }, "https://h/, trusting ca.pem"],
    [
      { request: { url: "https://h/" }, tls: { cacert: "ca.pem", insecure: true } },
      "https://h/, taking any certificate",
    ],
    [
      { request: { url: "https://h/" }, tls: { servername: "api", cert: "me.pem", key: "me.key" } },
      "https://h/, asking for api, with the certificate me.pem",
    ],
  ];
  for (const [scenario, words] of cases) assert.equal(destinationInWords(resolve(scenario)), words);
});

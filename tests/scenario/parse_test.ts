import assert from "node:assert/strict";
import test from "node:test";
import { parseScenario } from "../../lib/scenario/parse.ts";

test("scenario: a full one is taken as it is written", () => {
  const scenario = {
    $schema: "./scenario.schema.json",
    name: "all",
    description: "every field",
    request: {
      url: "http://127.0.0.1:8080/a?b=c",
      method: "POST",
      headers: { accept: "*/*", "x-list": ["1", "2"] },
      body: "hello",
      bodyPolicy: "close",
      timeout: "0",
    },
    load: {
      rps: 0.5,
      stages: [{ duration: "30s", rps: 100 }, { duration: "0s", rps: 0 }],
      arrivals: "poisson",
      seed: 4_294_967_295,
      timestamps: "times.txt",
      duration: "1m30s",
      requests: 10,
      connections: 3,
      thinkTime: "100ms",
      grace: "0s",
      pacing: "economy",
    },
    transport: {
      disableKeepAlives: false,
      maxIdleConnsPerHost: 0,
      maxConnsPerHost: 5,
      idleConnTimeout: "90s",
      drainOnClose: false,
      unixSocket: "/tmp/x.sock",
      proxy: "none",
      socket: "node",
    },
    tls: { insecure: false, cacert: "ca.pem", cert: "me.pem", key: "me.key", servername: "api.example" },
    target: { bodyBytes: "16KiB", bodyBytesMax: 20_000, latency: "5ms", chunked: true, slowBody: "1s" },
    thresholds: ["p99 < 200ms", { expression: "errors < 5%", abort: true }],
  };
  assert.deepEqual(parseScenario(JSON.stringify(scenario), "x.json"), scenario);
  assert.deepEqual(parseScenario("{}", "x.json"), {});
});

test("scenario: a wrong field is named with its place, and what was expected", () => {
  const cases: [text: string, message: string][] = [
    ['{"load": {"rps": "abc"}}', 'x.json:1:18: load.rps: expected a number above 0, got "abc"'],
    ['{"load": {"rps": 0}}', "x.json:1:18: load.rps: expected a number above 0, got 0"],
    ['{"load": {"requests": 1.5}}', "x.json:1:23: load.requests: expected a whole number, 1 or more, got 1.5"],
    [
      '{\n  "load": {\n    "duration": "10parsecs"\n  }\n}',
      'x.json:3:17: load.duration: expected a duration above 0 with a unit, such as 10s, 500ms or 1m30s, got "10parsecs"',
    ],
    ['{"load": {"duration": "1000h"}}', 'x.json:1:23: load.duration: expected a duration of at most 576h, got "1000h"'],
    ['{"load": {"pacing": "fast"}}', 'x.json:1:21: load.pacing: expected precise or economy, got "fast"'],
    [
      '{\n  "load": {"rps": 5},\n  "load": {"rps": 6}\n}',
      'x.json:3:3: expected "load" only once, it is also above',
    ],
    ['{"requests": [{"url": "/", "url": "/a"}]}', 'x.json:1:28: expected "url" only once, it is also above'],
    ['{"load": []}', "x.json:1:10: load: expected an object, got []"],
    ["[]", "x.json:1:1: expected an object, got []"],
    ['{"lod": {}}', "x.json:1:9: lod: unknown field, did you mean load?"],
    ['{"load": {"Duration": "1s"}}', "x.json:1:23: load.Duration: unknown field, did you mean duration?"],
    [
      '{"load": {"zzz": 1}}',
      "x.json:1:18: load.zzz: unknown field, expected rps, stages, arrivals, seed, timestamps, duration, requests, " +
      "connections, pipeline, thinkTime, client, workers, grace, pacing, warmup, cooldown, settle",
    ],
    ['{"load": {"rps": 2e9}}', "x.json:1:18: load.rps: expected a number of at most 1000000000, got 2000000000"],
    ['{"load": {"stages": []}}', "x.json:1:21: load.stages: expected at least one stage, got []"],
    ['{"load": {"stages": "1s:5"}}', 'x.json:1:21: load.stages: expected a list of stages, got "1s:5"'],
    [
      '{"load": {"stages": [{"duration": "1s", "rps": 5}, {"duration": "1s", "rps": -5}]}}',
      "x.json:1:78: load.stages[1].rps: expected a number, 0 or more, got -5",
    ],
    [
      '{"load": {"stages": [{"duration": "-1s", "rps": 5}]}}',
      'x.json:1:35: load.stages[0].duration: expected a duration with a unit, such as 10s, 500ms or 1m30s, got "-1s"',
    ],
    [
      '{"load": {"stages": [{"duration": "1s"}]}}',
      "x.json:1:22: load.stages[0].rps: expected a number, 0 or more",
    ],
    [
      '{"load": {"stages": [{"duration": "1s", "rsp": 5, "rps": 5}]}}',
      "x.json:1:48: load.stages[0].rsp: unknown field, did you mean rps?",
    ],
    ['{"load": {"arrivals": "fast"}}', 'x.json:1:23: load.arrivals: expected constant or poisson, got "fast"'],
    ['{"load": {"seed": -1}}', "x.json:1:19: load.seed: expected a whole number from 0 to 4294967295, got -1"],
    ['{"request": {"headers": {"a": 1}}}', "x.json:1:31: request.headers.a: expected a text or a list of texts, got 1"],
    [
      '{"request": {"headers": {"a": "b\\nc: d"}}}',
      "x.json:1:31: request.headers.a: expected a header value without a newline or another control character, " +
      'got "b\\nc: d"',
    ],
    [
      '{"request": {"url": "ftp://x/"}}',
      'x.json:1:21: request.url: expected http://host[:port]/path or https://…, got "ftp://x/", whose scheme is ftp',
    ],
    ['{"tls": {"cacert": ""}}', 'x.json:1:20: tls.cacert: expected a file\'s path, got ""'],
    ['{"tls": {"servername": "a b"}}', 'x.json:1:24: tls.servername: expected a host name, got "a b"'],
    [
      '{"transport": {"proxy": "http://me:hunter2@proxy:x"}}',
      "x.json:1:25: transport.proxy: expected a URL such as http://host:3128 or socks5://host:1080, environment or " +
      'none, got "http://***@proxy:x"',
    ],
    [
      '{"request": {"bodyPolicy": "drop"}}',
      'x.json:1:28: request.bodyPolicy: expected read, close or hold, got "drop"',
    ],
    ['{"thresholds": "p99 < 1s"}', 'x.json:1:16: thresholds: expected a list, got "p99 < 1s"'],
    ['{"thresholds": ["p99 < 1s", "p9 < 1s"]}', 'x.json:1:29: thresholds[1]: unknown metric "p9", did you mean p90?'],
    [
      '{"thresholds": [{"expression": "p99 < 5"}]}',
      "x.json:1:32: thresholds[0].expression: expected a time in µs, us, ms or s for p99, such as 200ms, got " +
      '"p99 < 5"',
    ],
    [
      '{"thresholds": [{"expression": "p99 < 5s", "abrt": true}]}',
      "x.json:1:52: thresholds[0].abrt: unknown field, did you mean abort?",
    ],
    [
      '{"thresholds": [5]}',
      'x.json:1:17: thresholds[0]: expected a text such as "p99 < 200ms", or an object of expression and abort, got 5',
    ],
    [
      '{"target": {"bodyBytes": "much"}}',
      'x.json:1:26: target.bodyBytes: expected a size in bytes, such as 1024, 16KiB or 1MiB, got "much"',
    ],
  ];
  for (const [text, message] of cases) {
    assert.throws(() => parseScenario(text, "x.json"), { name: "UsageError", message }, text);
  }
});

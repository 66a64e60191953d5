// Whatever is wrong on the command line or in a scenario: one line on stderr, exit code 2, nothing on stdout.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { after } from "node:test";
import { authority } from "../support/certificates.ts";
import { inFolder, loadgen } from "../support/cli.ts";
import { CliHost } from "../support/cli_host.ts";

const host = new CliHost();
after(() => host[Symbol.dispose]());

async function refuses(args: readonly string[], line: string, run = host.run.bind(host)): Promise<void> {
  const { code, stdout, stderr } = await run(args);
  assert.equal(stderr, `loadgen: ${line}\n`);
  assert.equal(stdout, "");
  assert.equal(code, 2);
}

const DURATION = "a duration above 0 with a unit, such as 10s, 500ms or 1m30s";
const STAGE_DURATION = "a duration with a unit, such as 10s, 500ms or 1m30s";
const URL_FORM = "expected http://host[:port]/path or https://…";
const UNKNOWN_WORD = "unknown command or scenario, expected a URL (http://…), a scenario's name or its file";
const SHELLS = "expected one of zsh, bash, fish, powershell";
const PROXY_FORM = "expected a URL such as http://host:3128 or socks5://host:1080, environment or none";

const CASES: readonly (readonly [name: string, args: readonly string[], line: string])[] = [
  ["an unknown flag, with a suggestion", ["--durration", "5s"], "--durration: unknown flag, did you mean --duration?"],
  ["an unknown flag with its value attached", ["--ulr=http://a/"], "--ulr: unknown flag, did you mean --url?"],
  ["an unknown flag that is like no other", ["--zzz"], "--zzz: unknown flag, loadgen run --help lists them all"],
  ["a short one that is unknown", ["-Z"], "-Z: unknown flag, loadgen run --help lists them all"],
  ["a flag of oha's", ["-z", "5s"], "-z: unknown flag; here it is -d, --duration"],
  ["a flag of curl's", ["-X", "POST"], "-X: unknown flag; here it is -m, --method"],
  ["a mistyped command with arguments", ["comapre", "a", "b"], "comapre: unknown command, did you mean compare?"],
  ["help of a mistyped command", ["comapre", "--help"], "comapre: unknown command or scenario, did you mean compare?"],
  [
    "help of no command",
    ["probe", "--help"],
    "probe: unknown command or scenario, loadgen --help lists them all",
  ],
  ["--rps 1/0s", ["--rps", "1/0s"], '--rps: expected a number above 0, got "1/0s"'],
  ["--rps 5G", ["--rps", "5G"], '--rps: expected a number above 0, got "5G"'],
  ["--rps 2000M", ["--rps", "2000M"], '--rps: expected a number of at most 1000000000, got "2000M"'],
  [
    "a time without its unit",
    ["--settle", "5"],
    '--settle: expected a duration with a unit, such as 10s, 500ms or 1m30s, got "5"',
  ],
  [
    "to settle without a load",
    ["report", "--settle", "5s", "x.json"],
    "--settle: not a flag of loadgen report, but of run, compare",
  ],
  ["a flag of another command", ["--port", "80"], "--port: not a flag of loadgen run, but of serve"],
  [
    "a flag of several others",
    ["serve", "--rps", "5"],
    "--rps: not a flag of loadgen serve, but of run, demo, compare",
  ],
  ["short flags in one word, the last without its value", ["-kr"], "--rps: expected a value"],
  ["a command that help does not know", ["help", "serv"], "serv: unknown command, did you mean serve?"],
  ["a command that is nobody's business", ["targe"], `targe: ${UNKNOWN_WORD}`],
  ["a host alone", ["localhost"], `localhost: ${UNKNOWN_WORD}`],
  ["a folder", ["run", "."], ".: expected a scenario file, got a folder"],
  ["a shell that there are no completions for", ["completions", "tcsh"], `shell: ${SHELLS}, got "tcsh"`],
  ["no shell", ["completions"], "completions: expected <shell>"],
  ["an unknown command, with a suggestion", ["comapre"], "comapre: unknown command or scenario, did you mean compare?"],
  ["--rps abc", ["--rps", "abc"], '--rps: expected a number above 0, got "abc"'],
  ["--rps -1", ["--rps", "-1"], '--rps: expected a number above 0, got "-1"'],
  ["--rps 0", ["--rps", "0"], '--rps: expected a number above 0, got "0"'],
  ["--rps=Infinity", ["--rps=Infinity"], '--rps: expected a number above 0, got "Infinity"'],
  ["an alias, under its own name", ["--qps", "abc"], '--qps: expected a number above 0, got "abc"'],
  ["a flag without its value", ["--rps"], "--rps: expected a value"],
  ["--duration 10parsecs", ["--duration", "10parsecs"], `--duration: expected ${DURATION}, got "10parsecs"`],
  ["--duration 10", ["-d", "10"], `--duration: expected ${DURATION}, got "10"`],
  ["-w 0", ["-w", "0"], '--workers: expected a whole number from 1 to 1024, got "0"'],
  ["-w x", ["-w", "x"], '--workers: expected a whole number from 1 to 1024, got "x"'],
  ["more workers than connections", ["-w3", "-c2"], "--workers: expected at most 2 (--connections), got 3"],
  [
    "more workers than --max-conns",
    ["-w3", "-r5", "--max-conns", "2"],
    "--workers: expected at most 2 (--max-conns), got 3",
  ],
  ["more workers than requests", ["-w3", "-n2"], "--workers: expected at most 2 (--requests), got 3"],
  ["-n 1.5", ["-n1.5"], '--requests: expected a whole number, 1 or more, got "1.5"'],
  ["--stage without a rate", ["--stage", "30s"], '--stage: expected a duration and a rate, such as 30s:100, got "30s"'],
  [
    "--stage with a rate too many",
    ["--stage", "1s:1:1"],
    '--stage: expected a duration and a rate, such as 30s:100, got "1s:1:1"',
  ],
  ["--stage without a unit", ["--stage", "30:5"], `--stage: expected ${STAGE_DURATION}, got "30"`],
  ["--stage below 0", ["--stage", "30s:-5"], '--stage: expected a number, 0 or more, got "-5"'],
  ["stages without a duration", ["--stage", "0:5"], "--stage: expected a duration above 0 in one of the stages"],
  ["stages without a rate", ["--stage", "5s:0"], "--stage: expected a rate above 0 in one of the stages"],
  [
    "--arrivals of an unknown kind",
    ["-r5", "--arrivals", "fast"],
    '--arrivals: expected constant or poisson, got "fast"',
  ],
  ["--pacing of an unknown kind", ["-r5", "--pacing", "fast"], '--pacing: expected precise or economy, got "fast"'],
  ["--pacing without a rate", ["--pacing", "economy"], "--pacing: needs --rps, --stage or --timestamps"],
  ["--arrivals without a rate", ["--arrivals", "poisson"], "--arrivals: needs --rps or --stage"],
  [
    "--seed without poisson",
    ["-r5", "--seed", "1"],
    "--seed: needs --arrivals poisson: no other arrivals are random",
  ],
  ["--seed below 0", ["--seed=-1"], '--seed: expected a whole number from 0 to 4294967295, got "-1"'],
  [
    "--think-time beside a rate",
    ["-r5", "--think-time", "1s"],
    "--think-time: cannot be used with --rps: only a closed loop waits between requests",
  ],
  [
    "--think-time beside stages",
    ["--stage", "1s:5", "--think-time", "1s"],
    "--think-time: cannot be used with --stage: only a closed loop waits between requests",
  ],
  [
    "-c beside --max-conns with stages",
    ["--stage", "1s:5", "-c5", "--max-conns", "5"],
    "--connections: cannot be used with --max-conns: at a given rate both limit the connections",
  ],
  [
    "--timestamps that are not there",
    ["--timestamps", "no"],
    '--timestamps: expected a readable file, got "no"',
  ],
  [
    "--timestamps beside a rate",
    ["--timestamps", "no", "-r5"],
    "--timestamps: cannot be used with --rps: the file says when requests are due",
  ],
  [
    "--timestamps that are none",
    ["--timestamps", "LICENSE"],
    '--timestamps: expected seconds or a time such as 2026-01-31T12:00:00.5Z, got "MIT License" in line 1 of LICENSE',
  ],
  ["--json of a dry run", ["--dry-run", "--json"], "--json: cannot be used with --dry-run: a dry run has no result"],
  [
    "-o of a dry run",
    ["--dry-run", "-o", "a.json"],
    "--output: cannot be used with --dry-run: a dry run has no result",
  ],
  [
    "a URL without a scheme",
    ["--url", "localhost:80/"],
    `--url: ${URL_FORM}, got "localhost:80/", which has no scheme; did you mean http://localhost:80/?`,
  ],
  ["a URL without a host", ["--url", "http:///a"], `--url: ${URL_FORM}, got "http:///a", which has no host`],
  ["a port", ["http://[::1]:70000/"], `url: ${URL_FORM}, got "http://[::1]:70000/", whose port is above 65535`],
  ["ftp://", ["--url", "ftp://a/"], `--url: ${URL_FORM}, got "ftp://a/", whose scheme is ftp`],
  ["https:// without a host", ["https:///a"], `url: ${URL_FORM}, got "https:///a", which has no host`],
  ["a mistyped scheme", ["htps://a/"], `url: ${URL_FORM}, got "htps://a/", whose scheme is htps`],
  [
    "a host and port alone",
    ["127.0.0.1:80"],
    `url: ${URL_FORM}, or a scenario file, got "127.0.0.1:80"; did you mean http://127.0.0.1:80?`,
  ],
  ["a mistyped --insecure", ["-k", "--insecur"], "--insecur: unknown flag, did you mean --insecure?"],
  ["--cacert that is not there", ["--cacert", "no"], '--cacert: expected a readable file, got "no"'],
  ["--cacert with a folder", ["--cacert", "."], '--cacert: expected a file, not a folder, got "."'],
  ["--cacert with nothing", ["--cacert", ""], `--cacert: expected a file's path, got ""`],
  [
    "--cacert that is no PEM",
    ["--cacert", "LICENSE"],
    '--cacert: expected a file of certificates in PEM, got "LICENSE"',
  ],
  ["--cert alone", ["--cert", "a.pem"], "--cert: needs --key"],
  ["--key alone", ["--key", "a.key"], "--key: needs --cert"],
  ["--servername with a blank", ["--servername", "a b"], '--servername: expected a host name, got "a b"'],
  ["--proxy without a port", ["-x", "noen"], `--proxy: ${PROXY_FORM}, got "noen", which has neither scheme nor port`],
  [
    "--proxy of another kind, without its password",
    ["-x", "ftp://me:hunter2@h"],
    `--proxy: ${PROXY_FORM}, got "ftp://***@h", whose scheme is ftp`,
  ],
  [
    "--proxy beside --unix-socket",
    ["-x", "proxy:3128", "--unix-socket", "/s"],
    "--proxy: cannot be used with --unix-socket: a unix socket is not reached through a proxy",
  ],
  ["--fail-if with a misspelt metric", ["--fail-if", "p9 > 1s"], '--fail-if: unknown metric "p9", did you mean p90?'],
  [
    "--fail-if without a unit",
    ["--fail-if", "p99 > 200"],
    '--fail-if: expected a time in µs, us, ms or s for p99, such as 200ms, got "p99 > 200"',
  ],
  [
    "--fail-if with the unit of something else",
    ["--fail-if", "errors > 1%", "--fail-if", "rss.end > 2s"],
    '--fail-if: expected a size in B, KB, MB, KiB or MiB for rss.end, such as 16KiB, got "rss.end > 2s"',
  ],
  [
    "--abort-if without an operator",
    ["--abort-if", "p99"],
    '--abort-if: expected a metric, one of > >= < <= ==, and a value, such as "p99 > 200ms", got "p99"',
  ],
  [
    "--fail-if on a status that there is not",
    ["--fail-if", "status.700 > 1"],
    '--fail-if: unknown status "700", expected a code from 100 to 599 or a class, such as status.404 or status.5xx',
  ],
  [
    "--fail-if on a request that there is not",
    ["run", "checkout-flow", "--fail-if", "p99{loook} > 1s"],
    '--fail-if: unknown request "loook", did you mean look?',
  ],
  [
    "--abort-if on a request like none",
    ["run", "checkout-flow", "--abort-if", "errors{search} > 1%"],
    '--abort-if: unknown request "search", expected one of sign in, look, buy',
  ],
  [
    "--fail-if on a share of a rate that nobody asked for",
    ["-n5", "--fail-if", "rps.achieved < 90%"],
    "--fail-if: needs --rps, --stage or --timestamps: rps.achieved in % is a share of the rate asked for",
  ],
  [
    "--fail-if on a share of nothing",
    ["--fail-if", "leak.held > 1%"],
    '--fail-if: expected a number without a unit for leak.held, got "leak.held > 1%"',
  ],
  [
    "--expect-status with no status",
    ["--expect-status", "2xx,700"],
    '--expect-status: expected a status such as 200, a class such as 2xx, a list of them, or any, got "2xx,700"',
  ],
  [
    "a header with an unknown variable",
    ["-H", "a: {{indx}}"],
    '--header a: unknown variable "indx", did you mean index?',
  ],
  [
    "a body with an unknown variable",
    ["-b", "{{x}}"],
    '--body: unknown variable "x", expected index, uuid, timestamp, randomInt',
  ],
  [
    "a header with an unknown variable, over several requests",
    ["run", "traffic-mix", "-H", "a: {{indx}}"],
    '--header a: unknown variable "indx", did you mean index?',
  ],
  [
    "a body with an unknown variable, over several requests",
    ["run", "checkout-flow", "-b", "{{user.nam}}"],
    '--body: unknown variable "user.nam", did you mean user.name?',
  ],
  [
    "a stage that no other follows",
    ["--stage", "30s:100", "--stage", "0:500"],
    "--stage: expected a stage with a duration after one without",
  ],
  [
    "a URL over a scenario of paths that is a path",
    ["run", "traffic-mix", "--url", "/x"],
    `--url: expected an absolute URL to put before the requests' paths, got "/x"`,
  ],
  [
    "bodies that are held where one is searched",
    ["run", "checkout-flow", "--no-close"],
    "checkout-flow.json: requests[1].expect.bodyIncludes: cannot be used with --no-close: " +
    "the body is not read",
  ],
  ["two URLs", ["http://a/", "--url", "http://b/"], '--url: expected only one URL, got "http://b/"'],
  [
    "a header with a newline",
    ["-H", "a: b\nc: d"],
    '--header: expected a header value without a newline or another control character, got "a: b\\nc: d"',
  ],
  ["a header without a colon", ["-H", "accept"], '--header: expected "Name: value", got "accept"'],
  ["a missing scenario file", ["run", "nope.json"], "nope.json: no such file"],
  ["a misspelt scenario", ["run", "no-clos"], "no-clos: unknown command or scenario, did you mean no-close?"],
  [
    "an output folder that does not exist",
    ["-o", "nowhere/out.json"],
    '--output: expected an existing folder for nowhere/out.json, got "nowhere"',
  ],
  [
    "an output of an unknown kind",
    ["-o", "out.csv"],
    '--output: expected a file name that ends in .json or .hlog, got "out.csv"',
  ],
  ["a body file that is not there", ["--body-file", "no"], '--body-file: expected a readable file, got "no"'],
  ["no word where one is needed", ["report"], "report: expected <file>"],
  ["too many words", ["http://a/", "http://b/"], "run: expected at most 1 argument, got 2"],
  [
    "--no-read beside --no-close",
    ["--no-read", "--no-close"],
    "--no-read: cannot be used with --no-close: give one of them",
  ],
  [
    "-c beside --max-conns in an open loop",
    ["-r5", "-c5", "--max-conns", "5"],
    "--connections: cannot be used with --max-conns: at a given rate both limit the connections",
  ],
  [
    "--pipeline beside --no-close",
    ["--pipeline", "4", "--no-close"],
    "--pipeline: cannot be used with --no-close: an unread body blocks the responses behind it",
  ],
  [
    "--pipeline beside a rate",
    ["--pipeline", "4", "--qps", "5"],
    "--pipeline: cannot be used with --qps: only a closed loop pipelines",
  ],
  [
    "a target flag beside a URL",
    ["http://a/", "--latency", "1s"],
    "--latency: cannot be used with --url: it applies to the embedded target alone",
  ],
  ["an unknown runtime", ["compare", "--runtimes", "nod"], '--runtimes: unknown runtime "nod", did you mean node?'],
  [
    "a missing result file",
    ["compare", "a.json", "b.json"],
    "a.json: no such file",
  ],
  ["a port beyond the last one", ["serve", "--port", "65536"], '--port: expected a port from 0 to 65535, got "65536"'],
];

test("bad input: a process of its own says the same, and exits", () => {
  const [, args, line] = CASES[0]!;
  return refuses(args, line, loadgen);
});

for (const [name, args, line] of CASES) {
  test(`bad input: ${name} is refused in one line`, () => refuses(args, line));
}

const THINKING = ": load.thinkTime: cannot be used with load.rps: only a closed loop waits between requests";

const FILES: readonly (readonly [name: string, text: string, problem: string])[] = [
  ["broken JSON", '{\n  "load": {,}\n}', ': expected JSON, got "," in line 2, column 12'],
  ["an unknown field", '{ "lood": {} }', ":1:11: lood: unknown field, did you mean load?"],
  [
    "a misspelt field",
    '{\n  "load": { "rsp": 5 }\n}',
    ":2:20: load.rsp: unknown field, did you mean rps?",
  ],
  ["a wrong value", '{ "load": { "rps": "5x" } }', ':1:20: load.rps: expected a number above 0, got "5x"'],
  ["think time beside a rate", '{ "load": { "rps": 5, "thinkTime": "1s" } }', THINKING],
  [
    "a threshold without a unit",
    '{ "thresholds": ["errors < 1%", "p99 < 200"] }',
    ':1:33: thresholds[1]: expected a time in µs, us, ms or s for p99, such as 200ms, got "p99 < 200"',
  ],
  [
    "an empty stage",
    '{ "load": { "stages": [{ "duration": "1s", "rps": 5 }, { "duration": "0", "rps": 9 }] } }',
    ": load.stages[1]: expected a stage with a duration after one without",
  ],
  [
    "stages that overlap, which those that follow each other cannot",
    '{ "load": { "stages": [{ "start": "0s", "duration": "1s", "rps": 5 }] } }',
    ":1:35: load.stages[0].start: unknown field, expected duration, rps",
  ],
  [
    "a weight of zero",
    '{ "requests": [{ "url": "/a" }, { "url": "/b", "weight": 0 }] }',
    ":1:58: requests[1].weight: expected a number above 0, got 0",
  ],
  [
    "a contradiction",
    '{ "request": { "url": "http://a/" }, "target": { "chunked": true } }',
    ": target.chunked: cannot be used with request.url: it applies to the embedded target alone",
  ],
];

for (const [name, text, problem] of FILES) {
  test(`bad input: ${name} in a scenario file is refused in one line`, () =>
    inFolder((folder) => {
      const file = join(folder, "broken.json");
      writeFileSync(file, text);
      return refuses(["run", file], `${file}${problem}`);
    }));
}

const BESIDE = {
  "users.csv": "name\nAda\n",
  "body.txt": "{{x}}",
  "empty.csv": "name\n",
  "ragged.csv": "a,b\n1,2\n3\n",
  "odd.jsonl": '{"a": 1}\n[]\n',
  "holes.jsonl": '{"a": 1, "b": 2}\n{"a": 1}\n',
};

const FEEDERS: readonly (readonly [name: string, scenario: object, problem: string])[] = [
  [
    "a feeder's file that is not there",
    { feeders: [{ file: "no.csv" }] },
    'feeders[0].file: expected a readable file, got "%/no.csv"',
  ],
  [
    "a feeder without rows",
    { feeders: [{ file: "users.csv" }, { file: "empty.csv" }] },
    'feeders[1].file: expected a file with at least one row, got "%/empty.csv"',
  ],
  [
    "a feeder that is no CSV",
    { feeders: [{ file: "ragged.csv" }] },
    'feeders[0].file: expected CSV (RFC 4180), got "%/ragged.csv": Invalid Record Length: expect 2, got 1 on line 3',
  ],
  [
    "a feeder that is no JSON Lines",
    { feeders: [{ file: "odd.jsonl" }] },
    'feeders[0].file: expected a JSON object in line 2, got "%/odd.jsonl"',
  ],
  [
    "a feeder whose lines differ",
    { feeders: [{ file: "holes.jsonl" }] },
    'feeders[0].file: expected "b" in line 2, as in the other lines, got "%/holes.jsonl"',
  ],
  [
    "a missing column",
    { feeders: [{ file: "users.csv", as: "u" }], requests: [{}, { url: "/{{u.mail}}" }] },
    'requests[1].url: unknown variable "u.mail", did you mean u.name?',
  ],
  [
    "an unknown variable in a body's template",
    { request: {}, requests: [{ url: "/a" }, { bodyTemplate: "body.txt" }] },
    'requests[1].bodyTemplate: unknown variable "x", expected index, uuid, timestamp, randomInt',
  ],
  [
    "an unknown variable in a JSON body",
    { request: { bodyJson: { a: ["{{x}}"] } } },
    'request.bodyJson: unknown variable "x", expected index, uuid, timestamp, randomInt',
  ],
  [
    "an unset variable of the environment",
    { request: { headers: { authorization: "Bearer ${LOADGEN_NOT_SET}" } } },
    "request.headers.authorization: expected the environment variable LOADGEN_NOT_SET to be set",
  ],
  [
    "a request's body that is not there",
    { request: { bodyFile: "no.txt" } },
    'request.bodyFile: expected a readable file, got "%/no.txt"',
  ],
];

for (const [name, scenario, problem] of FEEDERS) {
  test(`bad input: ${name} is refused in one line`, () =>
    inFolder((folder) => {
      const file = join(folder, "broken.json");
      for (const [beside, text] of Object.entries(BESIDE)) writeFileSync(join(folder, beside), text);
      writeFileSync(file, JSON.stringify(scenario));
      return refuses(["run", file], `${file}: ${problem.replace("%", folder)}`);
    }));
}

test("bad input: key material that does not fit is refused, under the name that it was given by", () =>
  inFolder(async (folder) => {
    const at = (name: string): string => join(folder, name);
    const signer = await authority();
    const me = await signer.client("me");
    const other = await signer.client("somebody else");
    const files = { "me.pem": me.cert, "me.key": me.key, "other.key": other.key };
    const broken = {
      "cert.pem": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
      "broken.key": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
      "locked.key": "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
      "mine.json": JSON.stringify({ tls: { cert: "me.pem", key: "nowhere.key" } }),
    };
    for (const [name, text] of Object.entries({ ...files, ...broken })) writeFileSync(at(name), text);
    const cases: [args: string[], line: string][] = [
      [
        ["--cert", at("cert.pem"), "--key", at("me.key")],
        `--cert: expected a file of certificates in PEM, got "${at("cert.pem")}"`,
      ],
      [
        ["--cert", at("me.pem"), "--key", at("me.pem")],
        `--key: expected a file with a private key in PEM, got "${at("me.pem")}"`,
      ],
      [
        ["--cert", at("me.pem"), "--key", at("broken.key")],
        `--key: expected a file with a private key in PEM, got "${at("broken.key")}"`,
      ],
      [
        ["--cert", at("me.pem"), "--key", at("locked.key")],
        `--key: expected a private key without a passphrase, got "${at("locked.key")}"`,
      ],
      [
        ["--cert", at("me.pem"), "--key", at("other.key")],
        `--key: expected the private key of the certificate in ${at("me.pem")}, got "${at("other.key")}"`,
      ],
      [[at("mine.json")], `${at("mine.json")}: tls.key: expected a readable file, got "${at("nowhere.key")}"`],
      [
        [at("mine.json"), "--key", at("other.key")],
        `--key: expected the private key of the certificate in ${at("me.pem")}, got "${at("other.key")}"`,
      ],
    ];
    for (const [args, line] of cases) await refuses(args, line);
  }));

test("bad input: timestamps out of order are refused, with their file and line", () =>
  inFolder(async (folder) => {
    const times = join(folder, "times.txt");
    writeFileSync(times, "1\n3\n2\n");
    const problem = `expected a time no earlier than that of the line above, got "2" in line 3 of ${times}`;
    await refuses(["--timestamps", times], `--timestamps: ${problem}`);
    const file = join(folder, "mine.json");
    writeFileSync(file, '{ "load": { "timestamps": "times.txt" } }');
    await refuses([file], `${file}: load.timestamps: ${problem}`);
  }));

test("bad input: a scenario on stdin is named so", () =>
  refuses(["run", "-"], "stdin: expected JSON, got the end of the text in line 1, column 1", loadgen));

test("bad input: a body's template that is no text is refused", () =>
  inFolder((folder) => {
    const [file, body] = [join(folder, "mine.json"), join(folder, "body.bin")];
    writeFileSync(body, new Uint8Array([0xff, 0xfe]));
    writeFileSync(file, JSON.stringify({ request: { bodyTemplate: "body.bin" } }));
    const problem = `expected a file of UTF-8 text, got ${JSON.stringify(body)}`;
    return refuses([file], `${file}: request.bodyTemplate: ${problem}`);
  }));

// The package as a user gets it: packed, installed into an empty folder, imported by name.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { Consumer } from "./consumer.ts";

/** What each entry point must give; types are checked where README's examples are compiled. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  "loadgen": [
    "Client",
    "CookieJar",
    "Exchange",
    "Transport",
    "TransportError",
    "UsageError",
    "compareResults",
    "fetch",
    "load",
    "parseResult",
    "parseScenario",
    "parseThreshold",
    "readJournal",
    "renderComparison",
    "renderTerminal",
    "resolve",
    "resultSchema",
    "resultToJson",
  ],
  "loadgen/transport": ["Client", "CookieJar", "Exchange", "Transport", "TransportError", "fetch"],
  "loadgen/report": [
    "compareResults",
    "parseResult",
    "parseThreshold",
    "readJournal",
    "renderComparison",
    "renderTerminal",
    "resultSchema",
    "resultToJson",
  ],
};

/** What is plumbing: named by no entry point. */
const PLUMBING = [
  "Upload",
  "shard",
  "ResponseHead",
  "WorkerShards",
  "ThreadShard",
  "runLoad",
  "summarize",
  "Generator",
];

let consumer: Consumer;

before(async () => {
  consumer = await Consumer.install();
});

after(() => consumer[Symbol.asyncDispose]());

test("package: installing it runs no script, and nobody is asked to allow one", () => {
  const { scripts } = JSON.parse(readFileSync(join(consumer.tarball, "package.json"), "utf8"));
  const run = ["preinstall", "install", "postinstall", "prepare", "preprepare", "postprepare"];
  assert.deepEqual(Object.keys(scripts).filter((name) => run.includes(name)), []);
  assert.doesNotMatch(consumer.installed, /loadgen@\S+ \(/);
});

for (const [entry, names] of Object.entries(VALUES)) {
  test(`package: ${entry} gives what it says, and no plumbing`, async () => {
    consumer.write("entry.js", `console.log(JSON.stringify(Object.keys(await import("${entry}"))));`);
    const { code, stdout, stderr } = await consumer.runScript("entry.js");
    assert.equal(code, 0, stderr);
    const given: string[] = JSON.parse(stdout);
    assert.deepEqual(names.filter((name) => !given.includes(name)), []);
    assert.deepEqual(given.filter((name) => PLUMBING.includes(name)), []);
  });
}

test("package: its package.json and both schemas can be imported by name", async () => {
  const files = ["package.json", "result.schema.json", "scenario.schema.json"];
  const imports = files.map((file) => `(await import("loadgen/${file}", { with: { type: "json" } })).default`);
  consumer.write("json.js", `console.log([${imports.join(", ")}].map(({ name, $schema }) => name ?? $schema).join());`);
  const { code, stdout, stderr } = await consumer.runScript("json.js");
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^loadgen,https:\S+,https:\S+\n$/);
});

test("package: a consumer's strict compiler takes every declaration, also those of dependencies", async () => {
  const body = Object.keys(VALUES).map((entry, i) => `import * as entry${i} from "${entry}";\nvoid entry${i};`).join(
    "\n",
  );
  consumer.write("all.ts", body);
  const strict = { strict: true, skipLibCheck: false, module: "nodenext", target: "ES2022", noEmit: true };
  for (
    const options of [
      { ...strict, lib: ["ES2022"], types: ["node"] },
      { ...strict, lib: ["ES2022", "DOM"], types: [] },
    ]
  ) {
    const { code, stdout } = await consumer.compile(options);
    assert.equal(code, 0, stdout);
  }
});

test("package: what the README links to is in it", () => {
  const readme = readFileSync(join(consumer.tarball, "README.md"), "utf8");
  const links = [...readme.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, target]) => target!);
  assert.ok(links.length >= 8, `${links.length} links`);
  assert.deepEqual(links.filter((link) => !/^https:/.test(link) && !existsSync(join(consumer.tarball, link))), []);
});

test("package: the command runs", async () => {
  const { code, stdout } = await consumer.command(["--version"]);
  assert.equal(code, 0);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

test("package: a program reads the result that the command wrote", async () => {
  const { code, stderr } = await consumer.command(["--rps", "20", "-d", "1s", "--no-tui", "-o", "out.json"]);
  assert.equal(code, 0, stderr);
  consumer.write(
    "read.js",
    `import { readFileSync } from "node:fs";
     import { compareResults, parseResult, renderTerminal, resultToJson } from "loadgen/report";
     const text = readFileSync("out.json", "utf8");
     const result = parseResult(text, "out.json");
     if (resultToJson(result).trim() !== text.trim()) throw new Error("written another way");
     if (!renderTerminal(result, { columns: 80, color: false }).includes("offered")) throw new Error("no report");
     if (compareResults([result], [result]).differences.some(({ change }) => change !== 0)) throw new Error("changed");
     console.log(result.requests.offered);`,
  );
  assert.equal((await consumer.runScript("read.js")).stdout, "20\n");
});

test("package: loadgen/transport loads neither schemas nor histograms", async () => {
  consumer.without("zod", "hdr-histogram-js", "commander", "@commander-js");
  consumer.write("bare.js", `const { Transport } = await import("loadgen/transport"); await new Transport().close();`);
  const { code, stderr } = await consumer.runScript("bare.js");
  assert.equal(code, 0, stderr);
});

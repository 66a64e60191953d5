// README's examples as a reader would try them: in a folder of its own, with the installed package. Only the address of
// the server is another, and runs are short.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { packageRoot } from "../../cli/process/runtimes.ts";
import { Consumer } from "./consumer.ts";

const README = readFileSync(join(packageRoot, "README.md"), "utf8");

const server = createServer((request, response) => {
  request.resume();
  response.end(JSON.stringify({ path: request.url }));
});

let consumer: Consumer;
let address: string;

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  consumer = await Consumer.install();
});

after(async () => {
  await consumer[Symbol.asyncDispose]();
  server.closeAllConnections();
  server.close();
});

/** The README's blocks in a language, with the server's address. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))]
    .map(([, block]) => block!.replaceAll("127.0.0.1:8080", address));
}

/** A command line's words, as a shell splits them; without `loadgen` and the comment. */
function wordsOf(line: string): string[] {
  return [...line.replace(/\s#.*$/, "").matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!).slice(
    1,
  );
}

/** Part of a second is enough for a test. */
function shortened(words: readonly string[]): readonly string[] {
  const stored = words[0] === "report" ||
    words.some((word, index) => index > 0 && /^\w+\.json$/.test(word) && words[0] === "compare");
  if (stored || words.includes("--dry-run")) return words;
  return [...words, "-d", words.includes("main.json") ? "2s" : "400ms"]; // what varies shows from a second to the next
}

test("readme: it is short enough to be read", () => {
  assert.ok(README.split("\n").length <= 200);
});

test("readme: every command runs as it stands", async () => {
  const lines = blocks("sh").flatMap((block) => block.replaceAll("\\\n", "").split("\n")).filter((line) =>
    line.startsWith("loadgen ")
  );
  assert.ok(lines.length >= 12, `${lines.length} commands`);
  for (const line of lines) {
    const words = shortened(wordsOf(line));
    const { code, stderr, stdout } = await consumer.command(words);
    // a rule may fail on a busy machine: then it says so
    const fine = code === 0 || (code === 99 && words.includes("--fail-if"));
    assert.ok(fine, `${line}\nexit code ${code}\n${stderr}`);
    assert.ok(stdout.length > 0 || words.includes("-o"), line);
  }
});

test("readme: every program compiles strictly and runs as it stands", async () => {
  const programs = blocks("ts");
  assert.ok(programs.length >= 4, `${programs.length} programs`);
  programs.forEach((program, index) => consumer.write(`example${index}.ts`, `${program}export {};\n`));
  const { code, stdout } = await consumer.compile({
    strict: true,
    module: "nodenext",
    target: "ES2022",
    lib: ["ES2022"],
    types: ["node"],
  });
  assert.equal(code, 0, stdout);
  for (const [index, program] of programs.entries()) {
    const { code, stdout, stderr } = await consumer.runScript(`example${index}.js`);
    assert.equal(code, 0, `${program}\n${stderr}`);
    assert.notEqual(stdout, "", program);
  }
});

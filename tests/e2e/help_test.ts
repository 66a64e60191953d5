import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test, { after } from "node:test";
import { packageRoot } from "../../cli/process/runtimes.ts";
import { loadgen } from "../support/cli.ts";
import { CliHost } from "../support/cli_host.ts";

/** As wide as help is without a terminal, which is 80 columns. */
const host = new CliHost({ COLUMNS: "" });
after(() => host[Symbol.dispose]());

test("help: fits 80 columns, and shows examples, commands and the default command's flags", async () => {
  const { code, stdout, stderr } = await host.run(["--help"]);
  assert.equal(code, 0);
  assert.equal(stderr, "");
  assert.deepEqual(stdout.split("\n").filter((line) => line.length > 80), []);
  for (
    const word of [
      "loadgen demo",
      "compare",
      "serve",
      "--rps",
      "--no-close",
      "--cacert",
      "--proxy",
      "--body-bytes",
      "--json",
      "130",
    ]
  ) {
    assert.ok(stdout.includes(word), word);
  }
  for (const hidden of ["\n  worker", "target [", "--qps"]) assert.ok(!stdout.includes(hidden), hidden);
});

test("help: each command has its own, within 80 columns", async () => {
  for (const command of ["run", "demo", "compare", "serve"]) {
    const { code, stdout } = await host.run([command, "--help"]);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^Usage: loadgen ${command}`));
    assert.deepEqual(stdout.split("\n").filter((line) => line.length > 80), []);
  }
});

test("help: help is --help, and takes a command", async () => {
  for (const words of [[], ["serve"]]) {
    assert.deepEqual(await host.run(["help", ...words]), await host.run([...words, "--help"]));
  }
});

test("help: --version prints the package's version and nothing else", async () => {
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
  assert.deepEqual(await host.run(["--version"]), { code: 0, stdout: `${version}\n`, stderr: "" });
});

test("help: run --list names each scenario and says what it shows", async () => {
  const { code, stdout } = await loadgen(["run", "--list"], { env: { COLUMNS: "500" } });
  const files = readdirSync(join(packageRoot, "scenarios")).filter((file) =>
    file.endsWith(".json") && !file.endsWith(".schema.json")
  );
  const lines = files.map((file) => {
    const { name, description } = JSON.parse(readFileSync(join(packageRoot, "scenarios", file), "utf8"));
    return `${name} ${description}`;
  });
  assert.equal(code, 0);
  assert.deepEqual(stdout.trim().split("\n").map((line) => line.trim().replace(/ {2,}/, " ")), lines.sort());
});

test("help: completions give a script, and a flag's beginning its flags", async () => {
  const script = await host.run(["completions", "bash"]);
  assert.equal(script.code, 0);
  assert.match(script.stdout, /complete .*loadgen/);
  const secured = await host.run(["complete", "--", "--cacer"]);
  assert.match(secured.stdout, /^--cacert\t/m);
  const { stdout } = await host.run(["complete", "--", "--no-"]);
  assert.match(stdout, /^--no-close\t/m);
  assert.doesNotMatch(stdout, /^--rps/m);
});

test("help: the script for bash may be sourced twice, and needs no bash-completion", async () => {
  const { stdout: script } = await host.run(["completions", "bash"]);
  const typed = 'COMP_WORDS=(loadgen --arrivals p); COMP_CWORD=2; __loadgen_complete; echo "${COMPREPLY[*]}"';
  const answer = "loadgen() { printf 'constant\\t\\npoisson\\t\\n'; }";
  const { stdout, stderr } = spawnSync("bash", [
    "--norc",
    "--noprofile",
    "-c",
    [answer, script, script, typed].join("\n"),
  ], {
    encoding: "utf8",
  });
  assert.deepEqual([stdout, stderr], ["poisson\n", ""]);
});

test("help: completions give the values of a flag, files, scenarios and commands", async () => {
  const completed = async (...words: string[]) => (await host.run(["complete", "--", ...words])).stdout;
  assert.equal(await completed("--arrivals", ""), "constant\t\npoisson\t\n:4\n");
  assert.equal(await completed("run", "--arrivals=p"), "poisson\t\n:4\n");
  assert.match(await completed("compare", "--runtimes", ""), /^deno\t$/m);
  assert.match(await completed("--cacert", "LIC"), /^LICENSE\t$/m);
  assert.match(await completed("report", "scenarios/cl"), /^scenarios\/close\.json\t$/m);
  assert.match(await completed("run", "tra"), /^traffic-mix\t$/m);
  assert.match(await completed("ser"), /^serve\tserve the embedded target until Ctrl-C$/m);
});

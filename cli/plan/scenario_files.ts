// Scenarios by file name, by the name of a packaged one, or from stdin.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import process from "node:process";
import { parseScenario } from "../../lib/scenario/parse.ts";
import type { Scenario } from "../../lib/scenario/scenario.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { nearest } from "../../lib/scenario/value/suggest.ts";
import { URL_FORM } from "../../lib/scenario/value/target_url.ts";
import { readUtf8 } from "../input/feeder_files.ts";
import { packageRoot } from "../process/runtimes.ts";

export interface NamedScenario {
  readonly name: string;
  /** How errors call it: the file as the user wrote it. */
  readonly where: string;
  readonly scenario: Scenario;
  /** The paths of those bodies in it that were read from files. */
  readonly readBodies: readonly string[];
}

const folder = join(packageRoot, "scenarios");

/** The packaged scenarios, by name. */
export function packagedScenarios(): NamedScenario[] {
  return packagedNames().map((name) => loadFile(name, join(folder, `${name}.json`), `${name}.json`));
}

function packagedNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json") && !file.endsWith(".schema.json"))
    .map((file) => basename(file, ".json"))
    .sort();
}

/**
 * The scenario that a word stands for: "-" is stdin, a bare name a packaged one, anything else a file. `commands` are
 * what a mistyped word may have meant besides.
 */
export async function readScenario(word: string, commands: readonly string[]): Promise<NamedScenario> {
  if (word === "-") {
    return load("stdin", parseScenario(await readStdin(), "stdin"), ".", "stdin");
  }
  if (statSync(word, { throwIfNoEntry: false })?.isFile()) {
    return loadFile(basename(word, ".json"), word, word);
  }
  if (/^[\w-]+$/.test(word)) {
    const names = packagedNames();
    if (names.includes(word)) return loadFile(word, join(folder, `${word}.json`), `${word}.json`);
    const meant = nearest(word, [...commands, ...names]);
    const hint = meant === undefined ? "expected a URL, a scenario's name or its file" : `did you mean ${meant}?`;
    throw new UsageError(word, `unknown command or scenario, ${hint}`);
  }
  if (!word.endsWith(".json") && /^[\w.-]+(?::\d+)?(?:\/|$)/.test(word)) {
    throw UsageError.expected("url", `${URL_FORM}, or a scenario file`, word);
  }
  throw UsageError.expected("scenario file", "a file that exists", word);
}

function loadFile(name: string, path: string, where: string): NamedScenario {
  return load(name, readFile(path, where), dirname(path), where);
}

function load(name: string, scenario: Scenario, folder: string, where: string): NamedScenario {
  const { request, requests = [] } = scenario;
  const readBodies = [
    ...(request?.bodyFile === undefined ? [] : ["request.body"]),
    ...requests.flatMap(({ bodyFile }, index) => bodyFile === undefined ? [] : [`requests[${index}].body`]),
  ];
  return { name, where, scenario: located(scenario, folder, where), readBodies };
}

/** The files that a scenario names lie beside it, from wherever it is run. Bodies are read, the others go by their paths. */
function located(scenario: Scenario, folder: string, where: string): Scenario {
  const { tls, load, request, requests, feeders } = scenario;
  const at = (path: string) => isAbsolute(path) ? path : join(folder, path);
  const maybeAt = (path: string | undefined) => path === undefined ? undefined : at(path);
  const withBody = (request: Request, path: string): Request => {
    const { bodyFile, ...rest } = request;
    const ambiguous = rest.body !== undefined || rest.bodyJson !== undefined;
    return bodyFile === undefined || ambiguous
      ? request
      : { ...rest, body: readUtf8(`${where}: ${path}.bodyFile`, at(bodyFile)) };
  };
  return {
    ...scenario,
    ...(tls && { tls: { ...tls, cacert: maybeAt(tls.cacert), cert: maybeAt(tls.cert), key: maybeAt(tls.key) } }),
    ...(load && { load: { ...load, timestamps: maybeAt(load.timestamps) } }),
    ...(request && { request: withBody(request, "request") }),
    ...(requests && { requests: requests.map((request, index) => withBody(request, `requests[${index}]`)) }),
    ...(feeders && { feeders: feeders.map((feeder) => ({ ...feeder, file: at(feeder.file) })) }),
  };
}

type Request = NonNullable<Scenario["request"]>;

function readFile(path: string, where: string): Scenario {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(where, `expected a readable file (${(error as NodeJS.ErrnoException).code})`);
  }
  return parseScenario(text, where);
}

async function readStdin(): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const bytes of process.stdin) text += decoder.decode(bytes as Uint8Array, { stream: true });
  return text;
}

// Scenarios by file name, by the name of a packaged one, or from stdin; with the files that they name found beside them.

import { readdirSync, type Stats, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import process from "node:process";
import { parseScenario } from "../../lib/scenario/parse.ts";
import type { Scenario } from "../../lib/scenario/scenario.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { nearest } from "../../lib/scenario/value/suggest.ts";
import { URL_FORM } from "../../lib/scenario/value/target_url.ts";
import { InputFiles } from "../input/input_files.ts";
import { packageRoot } from "../process/runtimes.ts";

/** A scenario, and what errors call it and its fields. */
export class NamedScenario {
  readonly name: string;
  /** The file as the user wrote it. */
  readonly where: string;
  readonly scenario: Scenario;
  /** The paths of those bodies that were read from templates. */
  readonly #bodiesOfTemplates: readonly string[];

  /** Files that the scenario names are sought from `folder`. Templates are read, the others go by their paths. */
  constructor(name: string, where: string, scenario: Scenario, folder: string, files: InputFiles) {
    const { request, requests = [] } = scenario;
    this.name = name;
    this.where = where;
    this.scenario = located(scenario, folder, where, files);
    this.#bodiesOfTemplates = [
      ...(request?.bodyTemplate === undefined ? [] : ["request.body"]),
      ...requests.flatMap(({ bodyTemplate }, index) => bodyTemplate === undefined ? [] : [`requests[${index}].body`]),
    ];
  }

  /** Whether the scenario sets a field: "load.rps". */
  sets(path: string): boolean {
    const [section, name] = path.split(".") as [keyof Scenario, string];
    const fields = this.scenario[section] as Readonly<Record<string, unknown>> | undefined;
    return fields?.[name] !== undefined;
  }

  /** The field as it stands in the file. */
  nameOf(path: string): string {
    return this.#bodiesOfTemplates.includes(path) ? `${path}Template` : path;
  }
}

const FOLDER = join(packageRoot, "scenarios");

/** The packaged scenarios. */
export function packagedScenarios(): NamedScenario[] {
  const files = new InputFiles();
  return packagedNames().map((name) => readPackaged(name, files));
}

/** Their names, sorted. */
export function packagedNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json") && !file.endsWith(".schema.json"))
    .map((file) => basename(file, ".json"))
    .sort();
}

/**
 * The scenario that a word stands for: "-" is stdin, a bare name a packaged one, anything else a file. `commands` are
 * suggested for a mistyped word, too.
 */
export async function readScenario(
  word: string,
  commands: readonly string[],
  files: InputFiles,
): Promise<NamedScenario> {
  if (word === "-") return new NamedScenario("stdin", "stdin", parseScenario(await readStdin(), "stdin"), ".", files);
  const found = statSync(word, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) return readFound(word, found, files);
  const names = packagedNames();
  if (names.includes(word)) return readPackaged(word, files);
  if (found !== undefined) throw new UsageError(word, "expected a scenario file, got a folder");
  if (/^[\w-]+$/.test(word)) {
    const meant = nearest(word, [...commands, ...names]);
    const hint = meant === undefined
      ? "expected a URL (http://…), a scenario's name or its file"
      : `did you mean ${meant}?`;
    throw new UsageError(word, `unknown command or scenario, ${hint}`);
  }
  if (!word.endsWith(".json") && /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?(?:[/?]|$)/i.test(word)) {
    const { problem } = UsageError.expected("url", `${URL_FORM}, or a scenario file`, word);
    throw new UsageError("url", `${problem}; did you mean http://${word}?`);
  }
  throw new UsageError(word, "no such file");
}

/** Whether a word is a packaged scenario's name, or a file. */
export function isScenario(word: string): boolean {
  return packagedNames().includes(word) || statSync(word, { throwIfNoEntry: false })?.isFile() === true;
}

function readPackaged(name: string, files: InputFiles): NamedScenario {
  return readFile(name, join(FOLDER, `${name}.json`), `${name}.json`, FOLDER, files);
}

/** Nothing lies beside a pipe: what its scenario names is sought from the current folder. */
function readFound(path: string, found: Stats, files: InputFiles): NamedScenario {
  return readFile(basename(path, ".json"), path, path, found.isFile() ? dirname(path) : ".", files);
}

function readFile(name: string, path: string, where: string, folder: string, files: InputFiles): NamedScenario {
  return new NamedScenario(name, where, parseScenario(files.text(where, path), where), folder, files);
}

function located(scenario: Scenario, folder: string, where: string, files: InputFiles): Scenario {
  const { tls, load, request, requests, feeders } = scenario;
  const at = (path: string) => isAbsolute(path) ? path : join(folder, path);
  const maybeAt = (path: string | undefined) => path === undefined ? undefined : at(path);
  const withBody = (request: Request, path: string): Request => {
    const { bodyFile, bodyTemplate, ...rest } = request;
    if (bodyFile !== undefined) return { ...request, bodyFile: at(bodyFile) };
    const ambiguous = rest.body !== undefined || rest.bodyJson !== undefined;
    return bodyTemplate === undefined || ambiguous
      ? request
      : { ...rest, body: files.text(`${where}: ${path}.bodyTemplate`, at(bodyTemplate)) };
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

const MOST_STDIN_CHARS = 16 * 1024 * 1024;

async function readStdin(): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const bytes of process.stdin) {
    text += decoder.decode(bytes as Uint8Array, { stream: true });
    if (text.length > MOST_STDIN_CHARS) throw new UsageError("stdin", "expected a scenario of at most 16 MiB");
  }
  return text;
}

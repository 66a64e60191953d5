// From a plan's requests to what is sent: templates become constant text, with what each iteration has anew in between.
// Every value that can be known beforehand is checked here, so that nothing is left to check while the run goes.

import type { Plan, RequestPlan } from "../plan.ts";
import { UsageError } from "../usage_error.ts";
import { expectedOfHeader, HOST_PATTERN } from "../value/header.ts";
import { isPath, problemOfUrl, URL_FORM } from "../value/target_url.ts";
import { isTemplate } from "../value/template_signs.ts";
import type { CompiledText } from "./compiled_text.ts";
import { withCredentials } from "./credentials.ts";
import { type Column, Scope, type Source, type TemplateInputs } from "./scope.ts";
import { parseTemplate } from "./template.ts";

export interface CompiledRequest {
  readonly plan: RequestPlan;
  /** Absolute, without userinfo and fragment; a source stands in its path or query, percent-encoded. */
  readonly url: CompiledText;
  readonly headers: readonly (readonly [name: string, value: CompiledText])[];
  /** Bytes: they go out as they are. */
  readonly body: CompiledText | Uint8Array;
}

/** They decide how the connection is used, once for every request. */
const CONSTANT_HEADERS = new Set(["connection", "expect", "upgrade"]);

/**
 * Compiles the requests of a plan whose base URL is known. Throws a `UsageError` whose field is a path into the scenario
 * if a template is malformed, or if its value may not be sent there. Its text shows no value of the environment.
 */
export function compileRequests(plan: Plan, inputs: TemplateInputs): CompiledRequest[] {
  const scope = new Scope(plan, inputs);
  return plan.requests.map((request) => ({
    plan: request,
    ...withCredentials(
      new UrlCompiler(scope).compile(request, plan.baseUrl),
      request.headers.map(([name, value]) =>
        [name, compileHeader(scope, `${request.path}.headers.${name}`, name, value)] as const
      ),
      compileText(scope, `${request.path}.user`, request.user ?? "", asItIs),
    ),
    body: compileBody(scope, request, inputs),
  }));
}

/** Scheme, host and port, with a slash behind them: the part of a URL that every request has in common. */
export function originOf({ url }: CompiledRequest): string {
  return `${new URL(url[0] as string).origin}/`;
}

function compileBody(
  scope: Scope,
  { path, body = "", bodyFile, bodyIsJson }: RequestPlan,
  { bodies }: TemplateInputs,
): CompiledRequest["body"] {
  if (bodyFile === undefined) {
    return compileText(scope, `${path}.${bodyIsJson ? "bodyJson" : "body"}`, body, bodyIsJson ? inJson : asItIs);
  }
  const bytes = bodies?.[bodyFile];
  if (bytes === undefined) throw new Error(`the plan names a file as ${path}.bodyFile, and its bytes are not given`);
  return bytes;
}

type Encode = (value: string) => string;

function compileText(scope: Scope, field: string, template: string, encode: Encode): CompiledText {
  if (!isTemplate(template)) return template === "" ? [] : [template];
  const parts: (string | Source)[] = [];
  for (const part of parseTemplate(field, template)) {
    if (typeof part === "string") {
      append(parts, part);
      continue;
    }
    const meaning = scope.meaning(field, part);
    if (meaning.kind === "text") append(parts, encode(meaning.text));
    else parts.push(encoded(meaning.source, encode));
  }
  return parts;
}

function compileHeader(scope: Scope, field: string, name: string, template: string): CompiledText {
  if (!isTemplate(template)) return [template];
  const isHost = name.toLowerCase() === "host";
  const expectedOf = (value: string): string | undefined =>
    isHost && !HOST_PATTERN.test(value) ? "a host's name" : expectedOfHeader(name, value);
  const parts: (string | Source)[] = [];
  for (const part of parseTemplate(field, template)) {
    const meaning = typeof part === "string" ? { kind: "text" as const, text: part } : scope.meaning(field, part);
    if (meaning.kind === "text") {
      const expected = expectedOf(meaning.text);
      if (expected !== undefined) {
        throw UsageError.expected(field, `${expected} once its variables have values`, template);
      }
      append(parts, meaning.text);
      continue;
    }
    if (CONSTANT_HEADERS.has(name.toLowerCase())) {
      throw UsageError.expected(field, "the same value for every request", template);
    }
    if (meaning.column !== undefined) checkColumn(scope, field, meaning.column, expectedOf);
    parts.push(meaning.source);
  }
  return parts;
}

/** Every value that a header will get from a feeder, before the first is sent: a newline in one would begin another header. */
function checkColumn(
  scope: Scope,
  field: string,
  column: Column,
  expectedOf: (value: string) => string | undefined,
): void {
  scope.rowsOf(column).forEach((row, index) => {
    const expected = expectedOf(row[column.column]!);
    if (expected !== undefined) {
      throw UsageError.expected(`feeders[${column.feeder}].file`, `${expected} in row ${index + 1}, for ${field}`);
    }
  });
}

/** How far a URL has come decides what a value in it may be. */
class UrlCompiler {
  readonly #scope: Scope;
  readonly #parts: (string | Source)[] = [];
  /** All of it so far, with a digit for what is not known yet. */
  #sample = "";

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  compile({ path, url }: RequestPlan, baseUrl: string | undefined): CompiledText {
    if (isPath(url)) {
      if (baseUrl === undefined) throw new Error("the plan has no base URL yet");
      this.#add("baseUrl", baseUrl.replace(/\/$/, ""));
    }
    const field = `${path}.url`;
    this.#add(field, url);
    if (problemOfUrl(this.#sample) !== undefined) {
      throw new UsageError(field, `expected ${URL_FORM} once its variables have values, got ${JSON.stringify(url)}`);
    }
    return this.#parts;
  }

  #add(field: string, template: string): void {
    for (const part of parseTemplate(field, template)) {
      const place = this.#place();
      if (place === "fragment") return;
      if (typeof part === "string") {
        this.#append(part);
        continue;
      }
      const meaning = this.#scope.meaning(field, part);
      if (meaning.kind === "text") {
        this.#append(ENCODE_IN[place](meaning.text));
        continue;
      }
      if (place === "origin") {
        throw UsageError.expected(field, "the same scheme, host and port for every request", template);
      }
      const encode = place === "path" && this.#sample.endsWith("/") ? encodeRestOfPath : ENCODE_IN[place];
      this.#parts.push(encoded(meaning.source, encode));
      this.#sample += "0";
    }
  }

  #append(text: string): void {
    this.#sample += text;
    const hash = text.indexOf("#");
    append(this.#parts, hash === -1 ? text : text.slice(0, hash));
  }

  #place(): keyof typeof ENCODE_IN | "fragment" {
    if (this.#sample.includes("#")) return "fragment";
    if (this.#sample.includes("?")) return "query";
    return /^https?:\/\/[^/]*\//i.test(this.#sample) ? "path" : "origin";
  }
}

/** A value in a path may bring segments and a query; in a query it is one value, whatever is in it. */
const ENCODE_IN = {
  origin: asItIs,
  path: (value: string) => PLAIN_IN_PATH.test(value) ? value : encodePath(value),
  query: (value: string) => PLAIN_IN_QUERY.test(value) ? value : encodeURIComponent(wellFormed(value)),
};

/** After a slash, a path's own one is not said again. */
function encodeRestOfPath(value: string): string {
  return ENCODE_IN.path(value.startsWith("/") ? value.slice(1) : value);
}

const PLAIN_IN_PATH = /^[\w.~!$&'()*+,;=:@/?-]*$/;
const PLAIN_IN_QUERY = /^[\w.~!'()*-]*$/;

/** What may not stand in a URL is encoded, what is encoded already stays. */
function encodePath(value: string): string {
  return encodeURI(wellFormed(value)).replace(/%25(?=[0-9A-Fa-f]{2})/g, "%").replace(/[#[\]]/g, encodeURIComponent);
}

/** Half of a surrogate pair has no UTF-8, and encodeURI throws. */
function wellFormed(value: string): string {
  return value.replace(/\p{Surrogate}/gu, "\ufffd");
}

/** A value inside a JSON string. */
function inJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

function asItIs(value: string): string {
  return value;
}

function encoded(source: Source, encode: Encode): Source {
  return encode === asItIs ? source : (iteration) => encode(source(iteration));
}

function append(parts: (string | Source)[], text: string): void {
  if (text === "") return;
  const last = parts.at(-1);
  if (typeof last === "string") parts[parts.length - 1] = last + text;
  else parts.push(text);
}

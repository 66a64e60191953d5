// From what stands on the command line to the plan: the scenario, the flags over it, and a contradiction under the name
// that the user gave it.

import { overlay } from "../../lib/scenario/overlay.ts";
import { checkField } from "../../lib/scenario/parse.ts";
import { type BodyPolicy, type Plan, usesTarget } from "../../lib/scenario/plan.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import { requestSchema, type Scenario } from "../../lib/scenario/scenario.ts";
import { compileRequests, originOf } from "../../lib/scenario/template/compile.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { isPath } from "../../lib/scenario/value/target_url.ts";
import { readUtf8 } from "../input/feeder_files.ts";
import { readInputs } from "../input/run_inputs.ts";
import { withEnvironmentProxy } from "./environment_proxy.ts";
import type { PlanFlags } from "./flags.ts";
import { type NamedScenario, readScenario } from "./scenario_files.ts";

/** Each scenario field's flag, for contradictions between fields that came from flags. */
const FLAG_OF: Readonly<Record<string, readonly [flag: string, key: keyof PlanFlags]>> = {
  "load.rps": ["--rps", "rps"],
  "load.client fetch": ["--client fetch", "client"],
  "load.stages": ["--stage", "stage"],
  "load.arrivals": ["--arrivals", "arrivals"],
  "load.seed": ["--seed", "seed"],
  "load.timestamps": ["--timestamps", "timestamps"],
  "load.thinkTime": ["--think-time", "thinkTime"],
  "load.pipeline": ["--pipeline", "pipeline"],
  "request.bodyPolicy hold": ["--no-close", "noClose"],
  "request.bodyPolicy close": ["--no-read", "noRead"],
  "load.pacing": ["--pacing", "pacing"],
  "load.connections": ["--connections", "connections"],
  "load.requests": ["--requests", "requests"],
  "load.workers": ["--workers", "workers"],
  "transport.disableKeepAlives": ["--disable-keepalive", "disableKeepalive"],
  "transport.maxConnsPerHost": ["--max-conns", "maxConns"],
  "transport.maxIdleConnsPerHost": ["--max-idle", "maxIdle"],
  "transport.unixSocket": ["--unix-socket", "unixSocket"],
  "transport.proxy": ["--proxy", "proxy"],
  "transport.socket": ["--socket", "socket"],
  "transport.idleConnTimeout": ["--idle-timeout", "idleTimeout"],
  "transport.drainOnClose": ["--no-drain", "noDrain"],
  "tls.insecure": ["--insecure", "insecure"],
  "tls.servername": ["--servername", "servername"],
  "tls.cacert": ["--cacert", "cacert"],
  "tls.cert": ["--cert", "cert"],
  "tls.key": ["--key", "key"],
  "target.bodyBytes": ["--body-bytes", "bodyBytes"],
  "target.bodyBytesMax": ["--body-bytes", "bodyBytes"],
  "target.latency": ["--latency", "latency"],
  "target.chunked": ["--chunked", "chunked"],
  "target.slowBody": ["--slow-body", "slowBody"],
};

/**
 * The plan for an optional word (a URL, a scenario's file or name) and flags. Throws a `UsageError` that names the flag,
 * or the file and its field.
 */
export async function planFromWords(
  word: string | undefined,
  flags: PlanFlags,
  commands: readonly string[],
): Promise<Plan> {
  const isUrl = word?.includes("://") ?? false;
  if (isUrl && flags.url !== undefined) throw UsageError.expected("--url", "only one URL", flags.url);
  if (isUrl) flags.url = checkField("url", requestSchema.shape.url, word)!;
  const base = word === undefined || isUrl ? undefined : await readScenario(word, commands);
  const over = scenarioFromFlags(flags);
  const plan = resolveNamed(base, over, flags);
  return { ...plan, thresholds: [...plan.thresholds, ...flags.failIf ?? [], ...flags.abortIf ?? []] };
}

function resolveNamed(base: NamedScenario | undefined, over: Scenario, flags: PlanFlags): Plan {
  if (base !== undefined) named(base.where, () => resolve(base.scenario));
  try {
    const scenario = overlay(base?.scenario ?? {}, over);
    // A URL given beside a scenario that brings its own target takes the target's place.
    if (over.request?.url !== undefined && !isPath(over.request.url) && over.target === undefined) {
      delete scenario.target;
    }
    const plan = resolve(scenario, base?.name);
    // For what may be wrong with them: each process that runs the plan reads and compiles for itself.
    const requests = compileRequests(withTarget(plan, "http://127.0.0.1/"), readInputs(plan));
    return withEnvironmentProxy(plan, requests.map(originOf));
  } catch (error) {
    throw error instanceof UsageError ? inFlagsWords(error, base, flags) : error;
  }
}

/** The fields under the flags' names, but for those that came from the scenario: these under its file's. */
function inFlagsWords({ field, problem }: UsageError, base: NamedScenario | undefined, flags: PlanFlags): UsageError {
  const inFile = (path: string): boolean => {
    const [section, name] = path.split(".") as [keyof Scenario, string];
    const fields = base?.scenario[section] as Readonly<Record<string, unknown>> | undefined;
    return fields?.[name] !== undefined;
  };
  const flagOf = new Map(
    Object.entries(FLAG_OF).filter(([path, [, key]]) => flags[key] !== undefined || !inFile(path))
      .map(([path, [flag]]) => [path, flag]),
  );
  const requestFlag = requestFlagOf(field, flags);
  const bodyFlag = flags.noClose === true ? "--no-close" : flags.noRead === true ? "--no-read" : undefined;
  const known = bodyFlag === undefined
    ? problem
    : problem.replace(/expected \S+\.bodyPolicy read beside it, got "\w+"/, `expected no ${bodyFlag} beside it`);
  const path = base?.readBodies.includes(field) === true ? `${field}File` : field;
  const reworded = [...flagOf].reduce((text, [path, flag]) => text.replaceAll(path, flag), known);
  return new UsageError(
    requestFlag ?? flagOf.get(field.replace(/^load\.stages\[\d+\]$/, "load.stages")) ??
      (base === undefined ? field : `${base.where}: ${path}`),
    reworded,
  );
}

/** The flag that a request's field came from, if it did. */
function requestFlagOf(field: string, flags: PlanFlags): string | undefined {
  const [, part, header] = field.match(/^(?:request|requests\[\d+\])\.(url|body|headers)(?:\.(.*))?$/s) ?? [];
  switch (part) {
    case "url":
      return flags.url === undefined ? undefined : "--url";
    case "body":
      return flags.bodyFile !== undefined ? "--body-file" : flags.body !== undefined ? "--body" : undefined;
    case "headers":
      return flags.header?.some(([name]) => name.toLowerCase() === header?.toLowerCase()) === true
        ? "--header"
        : undefined;
  }
  return undefined;
}

/** A scenario that contradicts itself does so without any flag: the line names its file. */
function named(where: string, resolveAlone: () => void): void {
  try {
    resolveAlone();
  } catch (error) {
    throw error instanceof UsageError ? error.renamed(`${where}: ${error.field}`) : error;
  }
}

/** The flags in a scenario's shape, so that they lie over one. */
function scenarioFromFlags(flags: PlanFlags): Scenario {
  const target = targetFromFlags(flags);
  return {
    request: given({
      url: flags.url,
      method: flags.method,
      headers: flags.header === undefined ? undefined : headersByName(flags.header),
      body: bodyFrom(flags),
      bodyPolicy: bodyPolicyFrom(flags),
      timeout: flags.timeout,
    }),
    load: given({
      client: flags.client,
      rps: rpsFrom(flags),
      stages: flags.stage,
      arrivals: flags.arrivals,
      seed: flags.seed,
      timestamps: flags.timestamps,
      thinkTime: flags.thinkTime,
      duration: flags.duration,
      requests: flags.requests,
      connections: flags.connections,
      pipeline: flags.pipeline,
      workers: flags.workers,
      grace: flags.grace,
      pacing: flags.pacing,
      warmup: flags.warmup,
      cooldown: flags.cooldown,
    }),
    transport: given({
      disableKeepAlives: flags.disableKeepalive,
      maxIdleConnsPerHost: flags.maxIdle,
      maxConnsPerHost: flags.maxConns,
      idleConnTimeout: flags.idleTimeout,
      drainOnClose: flags.noDrain === true ? false : undefined,
      unixSocket: flags.unixSocket,
      proxy: flags.proxy,
      socket: flags.socket,
    }),
    tls: given({
      insecure: flags.insecure,
      cacert: flags.cacert,
      cert: flags.cert,
      key: flags.key,
      servername: flags.servername,
    }),
    ...(target === undefined ? {} : { target }),
  };
}

type TargetFlags = Pick<PlanFlags, "bodyBytes" | "latency" | "chunked" | "slowBody">;

/** The embedded target as the flags have it, or undefined where they say nothing of it. */
export function targetFromFlags({ bodyBytes, latency, chunked, slowBody }: TargetFlags): Scenario["target"] {
  const target = given({ ...bodyBytes, latency, chunked, slowBody });
  return Object.keys(target).length === 0 ? undefined : target;
}

/** Without the fields that nobody set, which would otherwise hide the ones below. */
function given<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

function rpsFrom({ rps, rate, qps }: PlanFlags): number | undefined {
  const said = Object.entries({ "--rps": rps, "--rate": rate, "--qps": qps }).filter(([, value]) =>
    value !== undefined
  );
  if (said.length > 1) throw new UsageError(said[1]![0], `expected no ${said[0]![0]} beside it: they mean the same`);
  return said[0]?.[1];
}

function bodyPolicyFrom({ noRead, noClose }: PlanFlags): BodyPolicy | undefined {
  if (noRead === true && noClose === true) {
    throw new UsageError("--no-read", "expected no --no-close beside it: a body is closed unread or never closed");
  }
  return noClose === true ? "hold" : noRead === true ? "close" : undefined;
}

function bodyFrom({ body, bodyFile }: PlanFlags): string | undefined {
  if (bodyFile === undefined) return body;
  if (body !== undefined) throw new UsageError("--body-file", "expected no --body beside it");
  return readUtf8("--body-file", bodyFile);
}

/** Repeated names become a list: each value is a field line of its own. */
function headersByName(lines: readonly [string, string][]): Record<string, string[]> {
  const byName: Record<string, string[]> = {};
  for (const [name, value] of lines) {
    const known = Object.keys(byName).find((other) => other.toLowerCase() === name.toLowerCase()) ?? name;
    (byName[known] ??= []).push(value);
  }
  return byName;
}

/** The plan with the address of a target that has come up meanwhile, where it needs one. */
export function withTarget(plan: Plan, url: string): Plan {
  return usesTarget(plan) ? { ...plan, baseUrl: url } : plan;
}

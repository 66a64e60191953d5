// The tables of the flags that shape no plan: what becomes of a result, how a run is steered, where a server listens.

import { checkField } from "../../lib/scenario/parse.ts";
import { transportSchema } from "../../lib/scenario/scenario.ts";
import { type RuntimeName, RUNTIMES } from "../process/runtimes.ts";
import { type Flag, type FlagTable, switchFlag, textFlag, textsFlag } from "./flag.ts";
import { parsePort, parseRounds, parseRuntimes } from "./flag_values.ts";
import { PLAN_FLAGS } from "./plan_flags.ts";

const noTui = switchFlag("--no-tui", { help: "show no progress while it runs" });

/** Where the result of a run goes. */
export const OUTPUT_FLAGS = {
  output: textsFlag("-o, --output <file>", { help: "write the result as .json or .hlog" }),
  json: switchFlag("--json", { help: "print only the result, as JSON, on stdout" }),
  noTui,
} satisfies FlagTable;

/** What `run` alone can do. */
export const RUN_FLAGS = {
  baseline: textsFlag("--baseline <file>", {
    help: "hold the run against an earlier result of the same plan; several say how much runs vary",
  }),
  dryRun: switchFlag("--dry-run", { help: "print the plan and its curve, and send nothing" }),
  control: textFlag("--control <socket>", { help: "take commands from a unix socket, or - for stdin" }),
  list: switchFlag("--list", { help: "list the scenarios that come with loadgen" }),
} satisfies FlagTable;

/** What `compare` alone can do. */
export const COMPARE_FLAGS = {
  runtimes: {
    names: "--runtimes <names>",
    help: "run under these, in this order",
    otherwise: RUNTIMES.join(","),
    choices: RUNTIMES,
    parse: parseRuntimes,
  } as Flag<RuntimeName[]>,
  rounds: {
    names: "--rounds <n>",
    help: "run under each this often, in turn: the differences are surer",
    otherwise: "1",
    parse: parseRounds,
  } as Flag<number>,
} satisfies FlagTable;

/** Long enough for a slope to show, short enough to watch: two runs and their start stay well under 30 s. */
export const DEMO_RPS = 300;
export const DEMO_DURATION = "8s";

export const DEMO_FLAGS = {
  rps: { ...PLAN_FLAGS.rps, help: "requests per second", otherwise: String(DEMO_RPS), aliases: [] },
  duration: { ...PLAN_FLAGS.duration, help: "how long each of the two runs takes", otherwise: DEMO_DURATION },
  noTui,
} satisfies FlagTable;

export const REPORT_FLAGS = {
  output: textsFlag("-o, --output <file>", { help: "write the result as .json or .hlog instead" }),
  json: switchFlag("--json", { help: "print the result as JSON" }),
} satisfies FlagTable;

/** Where `serve` listens. */
export const SERVE_HOST = "127.0.0.1";
export const SERVE_PORT = 8080;

export const SERVE_FLAGS = {
  port: {
    names: "-p, --port <n>",
    help: "port to listen on; 0: a free one",
    otherwise: String(SERVE_PORT),
    parse: parsePort,
  } as Flag<
    number
  >,
  host: textFlag("--host <address>", { help: "address to listen on", otherwise: SERVE_HOST }),
  keepAliveTimeout: {
    names: "--keep-alive-timeout <time>",
    help: "close connections idle for this long; 0: never",
    otherwise: "0",
    parse: (name, text) => checkField(name, transportSchema.shape.idleConnTimeout, text)!,
  } as Flag<string>,
} satisfies FlagTable;

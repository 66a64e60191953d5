// The flags that shape a plan, in groups, each beside the scenario field that it overrides.

import { type Command, Option } from "@commander-js/extra-typings";
import { loadSchema, requestSchema, targetSchema, tlsSchema, transportSchema } from "../../lib/scenario/scenario.ts";
import {
  bodyBytesFlag,
  failIfFlag,
  headerFlag,
  numberFlag,
  ownFlag,
  repeatedFlag,
  stageFlag,
  textFlag,
} from "./value_flags.ts";

/** Everything that `run`, `compare` and whoever else builds a plan can be told. */
export function withPlanFlags(command: Command): Command<[], PlanFlags> {
  // Group by group, because the type of one chain of all options is deeper than the compiler follows.
  withLoadFlags(command);
  withRequestFlags(command);
  withConnectionFlags(command);
  withTlsFlags(command);
  withThresholdFlags(command);
  withTargetFlags(command);
  return command as unknown as Command<[], PlanFlags>;
}

/** How much is sent, and when. */
function withLoadFlags(command: Command) {
  return command
    .optionsGroup("Load:")
    .option(
      "-r, --rps <n>",
      "requests a second in all; none: as fast as they go",
      numberFlag("--rps", loadSchema.shape.rps),
    )
    .addOption(new Option("--rate <n>").argParser(numberFlag("--rate", loadSchema.shape.rps)).hideHelp())
    .addOption(new Option("--qps <n>").argParser(numberFlag("--qps", loadSchema.shape.rps)).hideHelp())
    .option("--stage <time:rate>", "ramp to a rate, such as 30s:100; may be repeated", stageFlag)
    .option(
      "--arrivals <how>",
      "constant, or poisson: at random (default: constant)",
      textFlag("--arrivals", loadSchema.shape.arrivals),
    )
    .option(
      "--seed <n>",
      "what poisson arrivals are drawn from (default: 1)",
      numberFlag("--seed", loadSchema.shape.seed),
    )
    .option(
      "--timestamps <file>",
      "replay: a time a line, in seconds or RFC 3339",
      textFlag("--timestamps", loadSchema.shape.timestamps),
    )
    .option(
      "-d, --duration <time>",
      "how long, such as 10s or 1m30s (default: 10s)",
      textFlag("--duration", loadSchema.shape.duration),
    )
    .option("-n, --requests <n>", "how many requests at most", numberFlag("--requests", loadSchema.shape.requests))
    .option(
      "-c, --connections <n>",
      "how many send (default: 64); with --rps: at most",
      numberFlag("--connections", loadSchema.shape.connections),
    )
    .option(
      "--client <name>",
      "who sends: loadgen, or the runtime's fetch (default: loadgen)",
      textFlag("--client", loadSchema.shape.client),
    )
    .option(
      "-w, --workers <n>",
      "how many threads send, each a share (default: 1)",
      numberFlag("--workers", loadSchema.shape.workers),
    )
    .option(
      "--pipeline <n>",
      "without a rate: requests at once on each connection (default: 1)",
      numberFlag("--pipeline", loadSchema.shape.pipeline),
    )
    .option(
      "--think-time <time>",
      "without a rate: wait between a sender's requests",
      textFlag("--think-time", loadSchema.shape.thinkTime),
    )
    .option(
      "--grace <time>",
      "wait at the end for what is in flight (default: 1s)",
      textFlag("--grace", loadSchema.shape.grace),
    )
    .option(
      "--pacing <how>",
      "precise (to some µs) or economy (to a ms or two, for less CPU) (default: precise)",
      textFlag("--pacing", loadSchema.shape.pacing),
    )
    .option(
      "--warmup <time>",
      "the same load first, uncounted (default: 0)",
      textFlag("--warmup", loadSchema.shape.warmup),
    )
    .option(
      "--cooldown <time>",
      "and at the end, uncounted (default: 0)",
      textFlag("--cooldown", loadSchema.shape.cooldown),
    );
}

/** What is sent. */
function withRequestFlags(command: Command) {
  return command
    .optionsGroup("Request:")
    .option(
      "--url <url>",
      "where to send; none: an embedded target is started",
      textFlag("--url", requestSchema.shape.url),
    )
    .option("-m, --method <method>", "default: GET", textFlag("--method", requestSchema.shape.method))
    .option("-H, --header <line>", '"Name: value"; may be repeated', headerFlag)
    .option("-b, --body <text>", "the request's body")
    .option("--body-file <file>", "the same, from a file of UTF-8 text")
    .option(
      "-t, --timeout <time>",
      "from due to the last byte; 0: none (default: 30s)",
      textFlag("--timeout", requestSchema.shape.timeout),
    )
    .addOption(ownFlag("--no-read", "--noRead", "close response bodies without reading them"))
    .addOption(ownFlag("--no-close", "--noClose", "never read and never close a body: the leak"));
}

/** Over which connections. */
function withConnectionFlags(command: Command) {
  return command
    .optionsGroup("Connections:")
    .option("--disable-keepalive", "a new connection for each request")
    .option(
      "--max-idle <n>",
      "idle connections kept per host (default: no limit)",
      numberFlag("--max-idle", transportSchema.shape.maxIdleConnsPerHost),
    )
    .option(
      "--max-conns <n>",
      "connections per host in all (default: no limit)",
      numberFlag("--max-conns", transportSchema.shape.maxConnsPerHost),
    )
    .option(
      "--idle-timeout <time>",
      "how long one may be idle; 0: for ever (default: 90s)",
      textFlag("--idle-timeout", transportSchema.shape.idleConnTimeout),
    )
    .addOption(ownFlag("--no-drain", "--noDrain", "an early close always costs the connection"))
    .option(
      "--unix-socket <path>",
      "send through a unix socket",
      textFlag("--unix-socket", transportSchema.shape.unixSocket),
    )
    .option(
      "-x, --proxy <url>",
      "a proxy's URL, or none (default: the environment's)",
      textFlag("--proxy", transportSchema.shape.proxy),
    )
    .option(
      "--socket <adapter>",
      "auto, node (node:net) or native (default: auto)",
      textFlag("--socket", transportSchema.shape.socket),
    );
}

/** How https is spoken. */
function withTlsFlags(command: Command) {
  return command
    .optionsGroup("TLS:")
    .option("-k, --insecure", "take any certificate of the server's")
    .option(
      "--cacert <file>",
      "whom to trust, in PEM (default: the runtime's roots)",
      textFlag("--cacert", tlsSchema.shape.cacert),
    )
    .option(
      "--cert <file>",
      "the client's certificate, in PEM",
      textFlag("--cert", tlsSchema.shape.cert),
    )
    .option("--key <file>", "its private key, in PEM", textFlag("--key", tlsSchema.shape.key))
    .option(
      "--servername <name>",
      "what to ask for and verify (default: the URL's host)",
      textFlag("--servername", tlsSchema.shape.servername),
    );
}

/** What the run is held to. */
function withThresholdFlags(command: Command) {
  return command
    .optionsGroup("Thresholds:")
    .option(
      "--fail-if <rule>",
      "exit code 99 if it is so at the end: 'p99 > 200ms', 'errors > 1%'; may be repeated",
      failIfFlag("--fail-if", false),
    )
    .option(
      "--abort-if <rule>",
      "the same, and after the first second in which it is so the run ends",
      failIfFlag("--abort-if", true),
    );
}

/** How the embedded target answers; `serve` has these too. */
export function withTargetFlags<Args extends unknown[], Opts extends Record<string, unknown>>(
  command: Command<Args, Opts>,
) {
  return command
    .optionsGroup("Embedded target:")
    .option("--body-bytes <n|min-max>", "size of each body, or a random one (default: 1KiB)", bodyBytesFlag)
    .option(
      "--latency <time>",
      "wait before each response (default: 0)",
      textFlag("--latency", targetSchema.shape.latency),
    )
    .option("--chunked", "responses without a Content-Length")
    .option(
      "--slow-body <time>",
      "from a body's first to its last byte (default: 0)",
      textFlag("--slow-body", targetSchema.shape.slowBody),
    );
}

/** Where the result goes. */
export function withOutputFlags<Args extends unknown[], Opts extends Record<string, unknown>>(
  command: Command<Args, Opts>,
) {
  return command
    .optionsGroup("Output:")
    .option("-o, --output <file>", "write the result, as .json or .hlog; may be repeated", repeatedFlag)
    .option("--json", "the result as JSON on stdout, and nothing else there")
    .addOption(ownFlag("--no-tui", "--noTui", "no progress while it runs"));
}

type Flags<Group extends (command: Command) => { opts(): unknown }> = ReturnType<ReturnType<Group>["opts"]>;

/** What `withPlanFlags` parses. */
export type PlanFlags =
  & Flags<typeof withLoadFlags>
  & Flags<typeof withRequestFlags>
  & Flags<typeof withConnectionFlags>
  & Flags<typeof withTlsFlags>
  & Flags<typeof withThresholdFlags>
  & Flags<typeof withTargetFlags<[], Record<never, never>>>;

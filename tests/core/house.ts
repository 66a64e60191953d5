// The plan of the house: which folders there are and which may import which. `layers_test.ts` holds the code to it.

/** A folder and what stands in it. */
export interface Folder {
  readonly path: string;
  /**
   * Lowest first: "room/" is a sub-folder, a name is one of the folder's own files, "*" is all other files of its own.
   * Each imports only from those before it. Without storeys the folder has no sub-folders.
   */
  readonly storeys: readonly string[];
}

function folder(path: string, ...storeys: string[]): Folder {
  return { path, storeys: storeys.length === 0 ? ["*"] : storeys };
}

/** Lowest layer first. A folder imports from lower layers and, one way only, from its own layer. */
export const LAYERS: readonly (readonly Folder[])[] = [
  [folder("lib/core")],
  [
    folder("lib/socket"),
    folder("lib/http1", "byte_class", "protocol_error", "request/", "*"),
    folder("lib/record", "statistics/", "*"),
    folder(
      "lib/scenario",
      "usage_error",
      "value/",
      "plan",
      "field",
      "scenario",
      "resolve/",
      "template/",
      "words/",
      "*",
    ),
  ],
  [
    folder(
      "lib/transport",
      "transport_error",
      "close_reason",
      "trace",
      "head",
      "loop_census",
      "census",
      "proxy/",
      "body/",
      "options/",
      "request/",
      "response/",
      "fetch/",
      "dial/",
      "pool/",
      "http1/",
      "*",
    ),
  ],
  [folder("lib/client")],
  [
    folder(
      "lib/load",
      "ending",
      "run_inputs",
      "progress",
      "control_command",
      "run_control",
      "schedule/",
      "pacer/",
      "account/",
      "slopes",
      "measurement",
      "observer",
      "judge/",
      "driver/",
      "generator/",
      "client/",
      "shard/",
      "link/",
      "worker/",
      "*",
    ),
  ],
  [folder("lib/result", "*", "difference/")],
  [folder(
    "lib/report",
    "section",
    "foreign_text",
    "text/",
    "chart/",
    "painter",
    "section/",
    "comparison/",
    "run_report",
    "*",
  )],
  [folder("cli", "terminal/", "input/", "process/", "flag/", "output/", "exit_code", "plan/", "command/", "*")],
];

/** The package's entry points: they name others from everywhere, and are named by each other alone. */
export const ENTRIES: readonly string[] = ["lib/mod.ts", "lib/report.ts", "lib/transport.ts"];

/** Runtime globals and `node:` modules that do I/O belong here. */
export const ADAPTERS: readonly string[] = ["lib/socket/", "lib/record/", "cli/"];

/** A room holds no more files than this. */
export const MOST_FILES = 16;

/** A file is no longer than this, unless its opening comment says why with the words "This file is long". */
export const MOST_LINES = 320;

import type { TemplateInputs } from "../scenario/template/scope.ts";
import type { TlsOptions } from "../transport/options/options.ts";

/** What is in the files that `plan.tls` names. */
export type Pems = Pick<TlsOptions, "ca" | "cert" | "key">;

/** What a plan names without having it: this library reads neither files nor the environment. */
export interface RunInputs extends TemplateInputs {
  /** Needed where `plan.tls` names files. */
  readonly pems?: Pems | undefined;
  /** Needed where `plan.load.timestamps` names a file: its instants, in milliseconds since the first, in rising order. */
  readonly timestampsMs?: ArrayLike<number> | undefined;
}

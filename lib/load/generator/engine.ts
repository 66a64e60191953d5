// What sends a run's requests, and those of the loads before and after it.

import { descriptorLimit } from "../../record/descriptor_limit.ts";
import { isOpenLoop, type Plan, type TlsPlan } from "../../scenario/plan.ts";
import { type Share, WHOLE } from "../../scenario/resolve/share.ts";
import { detectAdapter } from "../../socket/detect.ts";
import { DEFAULT_TRANSPORT_OPTIONS, type TlsOptions } from "../../transport/options/options.ts";
import type { Counts } from "../../transport/census.ts";
import { Transport } from "../../transport/transport.ts";
import { createDriver, type Driver } from "../driver/driver.ts";
import type { Pems, RunInputs } from "../run_inputs.ts";
import { ResourceLimits, type StopRule } from "./stop_rule.ts";

export interface Engine {
  readonly transport: Transport;
  readonly socket: "node" | "bun" | "deno";
  readonly driver: Driver;
  readonly limits: StopRule;
}

/** Who else carries out the plan, in this process. */
export interface Neighbours {
  readonly share: Share;
  /** What ends a load whose connections these are. */
  limits(counts: Readonly<Counts>): StopRule;
}

export const ALONE: Neighbours = {
  share: WHOLE,
  limits: (counts) => new ResourceLimits(counts, descriptorLimit()),
};

/** `steered`: bodies may be held meanwhile. Throws as `runLoad` does. */
export function openEngine(plan: Plan, inputs: RunInputs, steered: boolean, neighbours: Neighbours): Engine {
  const adapter = detectAdapter(plan.transport.socket);
  const { socket: _socket, maxIdleConnsPerHost, maxConnsPerHost, ...transportPlan } = plan.transport;
  // A sender that reads each body needs one connection, and its next request takes no second; those who share one also
  // do where bodies may be held meanwhile.
  const { connections, pipeline } = plan.load;
  const readsAll = plan.requests.every(({ bodyPolicy }) => bodyPolicy === "read") && (!steered || pipeline > 1);
  const needed = !isOpenLoop(plan.load) && readsAll ? connections : undefined;
  const transport = new Transport({
    tls: tlsOptions(plan.tls, inputs.pems),
    tlsHandshakeTimeoutMs: DEFAULT_TRANSPORT_OPTIONS.tlsHandshakeTimeoutMs,
    disableCompression: true, // a load run sends what it was told to, and takes what it gets
    ...transportPlan,
    adapter,
    maxIdleConnsPerHost: maxIdleConnsPerHost ?? Infinity,
    maxConnsPerHost: maxConnsPerHost ?? needed,
    pipelining: pipeline,
  });
  return {
    transport,
    socket: adapter.name,
    driver: createDriver(plan, transport, inputs, neighbours.share),
    limits: neighbours.limits(transport.counts),
  };
}

function tlsOptions({ insecure, servername, cacert, cert, key }: TlsPlan, pems: Pems | undefined): TlsOptions {
  if (pems === undefined && [cacert, cert, key].some((path) => path !== undefined)) {
    throw new Error("runLoad: the plan names PEM files, and options.pems is not given");
  }
  return { insecure, servername, ...pems };
}

// From the plan to the client that sends it. Nothing is sent here.

import { isOpenLoop, type Plan, type TlsPlan } from "../../scenario/plan.ts";
import type { Share } from "../../scenario/resolve/share.ts";
import { detectAdapter } from "../../socket/detect.ts";
import { DEFAULT_TRANSPORT_OPTIONS, type TlsOptions } from "../../transport/options/options.ts";
import { Transport } from "../../transport/transport.ts";
import type { Engine } from "../driver/driver.ts";
import type { Pems, RunInputs } from "../run_inputs.ts";
import { FetchEngine } from "./fetch_engine.ts";
import { TransportEngine } from "./transport_engine.ts";

/** The client that a share of a plan is sent with. `steered`: bodies may be held meanwhile. Throws as `runLoad` does. */
export function openEngine(plan: Plan, inputs: RunInputs, steered: boolean, share: Share): Engine {
  return plan.load.client === "fetch"
    ? new FetchEngine(plan, inputs, share)
    : openTransport(plan, inputs, steered, share);
}

function openTransport(plan: Plan, inputs: RunInputs, steered: boolean, share: Share): Engine {
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
  return new TransportEngine(plan, transport, adapter.name, inputs, share);
}

function tlsOptions({ insecure, servername, cacert, cert, key }: TlsPlan, pems: Pems | undefined): TlsOptions {
  if (pems === undefined && [cacert, cert, key].some((path) => path !== undefined)) {
    throw new Error("runLoad: the plan names PEM files, and options.pems is not given");
  }
  return { insecure, servername, ...pems };
}

// The sockets to a load's targets as the kernel counts them, beside the client's own count of its connections.

import type { Clock } from "../../core/clock.ts";
import { socketsTo } from "../../record/kernel_sockets.ts";
import type { Plan } from "../../scenario/plan.ts";
import type { Counts } from "../../transport/census.ts";
import { peerPorts } from "../client/peer_ports.ts";
import type { Inventory, SocketCount, SocketCounts } from "../measurement.ts";
import type { RunInputs } from "../run_inputs.ts";

/** A socket that was just given up may be closed a few turns of the event loop later. */
const RECOUNT_MS = 50;

export class SocketCounter {
  readonly #counts: Readonly<Counts>;
  readonly #countsConnections: boolean;
  readonly #clock: Clock;
  readonly #kernelCount: () => number | undefined;

  /** `counts`: the client's. `kernelCount`: a test counts in its own way. */
  constructor(plan: Plan, counts: Readonly<Counts>, clock: Clock, kernelCount: () => number | undefined) {
    this.#counts = counts;
    this.#countsConnections = plan.load.client !== "fetch";
    this.#clock = clock;
    this.#kernelCount = kernelCount;
  }

  static of(plan: Plan, inputs: RunInputs, counts: Readonly<Counts>, clock: Clock): SocketCounter {
    const ports = peerPorts(plan, inputs);
    return new SocketCounter(plan, counts, clock, () => ports && socketsTo(ports));
  }

  /** At this moment, or a little later where the two counts differ now. Undefined: nothing tells. */
  async count(): Promise<SocketCount | undefined> {
    const first = this.#countOnce();
    if (first === undefined || !this.#countsConnections || first.kernel === this.#sockets()) return first;
    await new Promise<void>((resolve) => void this.#clock.setTimer(RECOUNT_MS, resolve));
    return this.#countOnce();
  }

  #countOnce(): SocketCount | undefined {
    const kernel = this.#kernelCount();
    if (kernel === undefined) return undefined;
    const { inUse, idle, dialing } = this.#counts;
    return this.#countsConnections ? { kernel, live: inUse + idle, dialing } : { kernel };
  }

  #sockets(): number {
    const { inUse, idle, dialing } = this.#counts;
    return inUse + idle + dialing;
  }
}

/** Of the inventories before the load, after it, and once it had settled. Undefined: nothing tells. */
export function socketCountsOf(
  { sockets: start }: Inventory,
  { sockets: end }: Inventory,
  settled: Inventory | undefined,
): SocketCounts | undefined {
  if (start === undefined || end === undefined) return undefined;
  return { start, end, ...(settled?.sockets !== undefined && { settled: settled.sockets }) };
}

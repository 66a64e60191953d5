// The sequence of a run: open, warm up, measure, cool down, settle, close. What is measured is `measuring.ts`.

import type { Plan } from "../scenario/plan.ts";
import { AsideTeller } from "./aside_teller.ts";
import { type Ending, INTERRUPTED } from "./ending.ts";
import type { OpenLink } from "./link/link.ts";
import { LinkedShards } from "./link/linked_shards.ts";
import type { Measurement } from "./measurement.ts";
import { Measuring } from "./measuring.ts";
import type { Observer } from "./observer.ts";
import { Observers } from "./observers.ts";
import type { RunControl } from "./run_control.ts";
import type { RunInputs } from "./run_inputs.ts";
import { socketCountsOf } from "./shard/socket_counter.ts";
import { Steering } from "./steering.ts";
import { openShard } from "./worker/open_shard.ts";

export interface RunOptions extends RunInputs {
  /** Told of the run as it goes, in this order. */
  readonly observers?: readonly Observer[] | undefined;
  /** Told why an observer was dropped; without it, the console is. */
  readonly onObserverError?: ((error: unknown) => void) | undefined;
  /** Called as the run begins, with the means to steer it. */
  readonly onControl?: ((control: RunControl) => void) | undefined;
  /** Ends the run at once, outcome "interrupted". */
  readonly signal?: AbortSignal | undefined;
  /** Resolves with the reason, in a sentence, if what the run needs is gone: ends it, outcome "stopped". */
  readonly lost?: Promise<string> | undefined;
}

/**
 * Carries out a plan in this process, in this thread or in as many others as `plan.load.workers` says, or over `links`,
 * each to a process that takes a share of it. Resolves with what it measured; a run that ends early resolves as well, and
 * says so in `outcome`. `plan.baseUrl` must be set where requests have paths. Throws a `TransportError` if a request
 * cannot be encoded or a proxy's address is invalid; a `UsageError` if a template cannot be filled.
 */
export async function runLoad(
  plan: Plan,
  options: RunOptions = {},
  links?: readonly OpenLink[],
): Promise<Measurement> {
  const { signal, onControl } = options;
  const observers = new Observers(options.observers, options.onObserverError);
  const steered = onControl !== undefined;
  const shard = links === undefined
    ? await openShard(plan, options, steered)
    : await LinkedShards.open(plan, options, steered, { links, threads: false });
  let cut: Ending | undefined = signal?.aborted ? INTERRUPTED : undefined;
  const end = (ending: Ending): void => {
    cut ??= ending;
    shard.stop(ending);
  };
  const interrupt = (): void => end(INTERRUPTED);
  let closed = false;
  void options.lost?.then((reason) => {
    if (!closed) end({ outcome: "stopped", reason });
  });
  /** Waits for a load that is not measured, and tells that it goes on. */
  const aside = async <T>(what: string, load: Promise<T>): Promise<T> => {
    if (cut !== undefined) shard.stop(cut);
    const teller = observers.wantTicks ? new AsideTeller(what, plan, shard, observers) : undefined;
    try {
      return await load;
    } finally {
      teller?.stop();
    }
  };
  signal?.addEventListener("abort", interrupt);
  try {
    const before = await shard.inventory(0);
    const early = await aside("warming up", shard.warmUp());
    const measuring = new Measuring(plan, shard, observers);
    const measured = await measuring.run(
      cut ?? early,
      () => {
        if (onControl === undefined) return undefined;
        const steering = new Steering(shard, plan.load.pipeline > 1, (change) => measuring.mark(change));
        onControl(steering);
        return steering;
      },
    );
    const cooling = shard.cooledDown();
    const cooledDown = cooling && await aside("cooling down", cooling);
    const after = await shard.inventory(0);
    const settles = plan.load.settleMs > 0 && measured.outcome !== "interrupted" && cut === undefined;
    const settled = settles ? await aside("settling", shard.inventory(plan.load.settleMs)) : undefined;
    const run: Measurement = {
      ...measured,
      warmup: shard.warmedUp === undefined ? undefined : { offered: shard.warmedUp },
      cooldown: cooledDown === undefined ? undefined : { offered: cooledDown },
      settled,
      sockets: socketCountsOf(before, after, settled),
    };
    observers.end(run);
    return run;
  } finally {
    signal?.removeEventListener("abort", interrupt);
    closed = true;
    await shard.close();
  }
}

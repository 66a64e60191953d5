// Commands, as a shard takes them. Where they come from, and how they are written, is in the CLI and in
// `control_command.ts`.

import type { BodyPolicy } from "../scenario/plan.ts";
import type { ControlCommand } from "./control_command.ts";
import type { RunControl } from "./run_control.ts";
import type { Shard } from "./shard/shard.ts";

/** Carries commands out on a load under way. */
export class Steering implements RunControl {
  readonly #shard: Shard;
  /** Several requests share each connection. */
  readonly #pipelines: boolean;
  readonly #mark: (change: string) => void;
  /** What is done with bodies when they are not held. */
  readonly #closing: BodyPolicy;
  #paused = false;

  /** `mark` is told each change in words. */
  constructor(shard: Shard, pipelines: boolean, mark: (change: string) => void) {
    this.#shard = shard;
    this.#pipelines = pipelines;
    this.#mark = mark;
    this.#closing = shard.bodyPolicy === "hold" ? "close" : shard.bodyPolicy;
  }

  get paused(): boolean {
    return this.#paused;
  }

  get holding(): boolean {
    return this.#shard.bodyPolicy === "hold";
  }

  apply(command: ControlCommand): string {
    switch (command.kind) {
      case "rate":
        return this.#setRate(command.rps);
      case "scale":
        return this.#setRate(this.#rps() * command.factor);
      case "pause":
        return this.#pause();
      case "resume":
        return this.#resume();
      case "hold":
        return this.#setBodies("hold");
      case "close":
        return this.#setBodies(this.#closing);
      case "quit":
        this.#shard.stop({ outcome: "stopped", reason: "it was told to quit" });
        return "quitting";
      case "status":
        return this.#status();
    }
  }

  #setRate(wanted: number): string {
    if (this.#shard.liveSchedule === undefined) {
      return "a closed loop has no rate: its senders send as soon as they can";
    }
    const rps = rounded(wanted);
    if (rps === 0) return this.#status(); // a rate that was 0 stays so
    this.#shard.change({ kind: "rate", rps, atMs: this.#shard.changesFromMs() });
    return this.#changed(`rate ${rps}/s`);
  }

  #pause(): string {
    if (this.#paused) return this.#status();
    this.#paused = true;
    this.#shard.change({ kind: "pause", atMs: this.#shard.changesFromMs() });
    return this.#changed("paused");
  }

  #resume(): string {
    if (!this.#paused) return this.#status();
    this.#paused = false;
    this.#shard.change({ kind: "resume", atMs: this.#shard.changesFromMs() });
    return this.#changed("resumed");
  }

  #setBodies(policy: BodyPolicy): string {
    if (this.#shard.bodyPolicy === policy) return this.#status();
    if (policy === "hold" && this.#pipelines) {
      return "bodies are read: one held stops those pipelined behind it";
    }
    this.#shard.change({ kind: "bodies", policy });
    return this.#changed(policy === "hold" ? "bodies held" : policy === "read" ? "bodies read" : "bodies closed");
  }

  #changed(change: string): string {
    this.#mark(change);
    return change;
  }

  /** Requests a second at this moment; while paused, before it. */
  #rps(): number {
    return this.#shard.liveSchedule?.intendedRps(this.#shard.changesFromMs()) ?? 0;
  }

  #status(): string {
    const { requests, liveSchedule } = this.#shard;
    const rate = liveSchedule === undefined ? "closed loop" : `rate ${rounded(this.#rps())}/s`;
    const bodies = this.holding ? "bodies held" : "bodies not held";
    const counts = `${requests.offered} offered, ${requests.completed} completed, ${requests.failed} failed`;
    return [rate, ...(this.#paused ? ["paused"] : []), bodies, counts].join("; ");
  }
}

/** Three digits are enough of a rate that was typed as a percentage. */
function rounded(rps: number): number {
  return rps >= 1000 ? Math.round(rps) : Number(rps.toPrecision(3));
}

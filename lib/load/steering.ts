import type { BodyPolicy } from "../scenario/plan.ts";
import type { ControlCommand } from "./control_command.ts";
import type { Generator } from "./generator.ts";
import type { RunControl } from "./run_control.ts";
import type { LiveSchedule } from "./schedule/live_schedule.ts";

/** Carries commands out on a generator under way. */
export class Steering implements RunControl {
  readonly #generator: Generator;
  /** Undefined: a closed loop, which has no rate. */
  readonly #schedule: LiveSchedule | undefined;
  readonly #mark: (change: string) => void;
  /** What is done with bodies when they are not held. */
  readonly #closing: BodyPolicy;
  #paused = false;

  /** `mark` is told each change in words. */
  constructor(generator: Generator, schedule: LiveSchedule | undefined, mark: (change: string) => void) {
    this.#generator = generator;
    this.#schedule = schedule;
    this.#mark = mark;
    this.#closing = generator.bodyPolicy === "hold" ? "close" : generator.bodyPolicy;
  }

  get paused(): boolean {
    return this.#paused;
  }

  get holding(): boolean {
    return this.#generator.bodyPolicy === "hold";
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
        this.#generator.stop({ outcome: "stopped", reason: "it was told to quit" });
        return "quitting";
      case "status":
        return this.#status();
    }
  }

  #setRate(wanted: number): string {
    if (this.#schedule === undefined) return "a closed loop has no rate: its senders send as soon as they can";
    const rps = rounded(wanted);
    if (rps === 0) return this.#status(); // a rate that was 0 stays so
    this.#schedule.setRate(this.#generator.elapsedMs(), rps);
    this.#generator.rescheduled(this.#schedule);
    return this.#changed(`rate ${rps}/s`);
  }

  #pause(): string {
    if (this.#paused) return this.#status();
    this.#paused = true;
    if (this.#schedule === undefined) this.#generator.pause();
    else {
      this.#schedule.pause(this.#generator.elapsedMs());
      this.#generator.rescheduled(this.#schedule);
    }
    return this.#changed("paused");
  }

  #resume(): string {
    if (!this.#paused) return this.#status();
    this.#paused = false;
    if (this.#schedule === undefined) this.#generator.resume();
    else {
      this.#schedule.resume(this.#generator.elapsedMs());
      this.#generator.rescheduled(this.#schedule);
    }
    return this.#changed("resumed");
  }

  #setBodies(policy: BodyPolicy): string {
    if (this.#generator.bodyPolicy === policy) return this.#status();
    if (policy === "hold" && this.#generator.pipelines) {
      return "bodies are read: one held stops those pipelined behind it";
    }
    this.#generator.bodyPolicy = policy;
    return this.#changed(policy === "hold" ? "bodies held" : policy === "read" ? "bodies read" : "bodies closed");
  }

  #changed(change: string): string {
    this.#mark(change);
    return change;
  }

  /** Requests a second at this moment; while paused, before it. */
  #rps(): number {
    return this.#schedule?.intendedRps(this.#generator.elapsedMs()) ?? 0;
  }

  #status(): string {
    const { tally } = this.#generator;
    const rate = this.#schedule === undefined ? "closed loop" : `rate ${rounded(this.#rps())}/s`;
    const bodies = this.holding ? "bodies held" : "bodies not held";
    const counts = `${tally.offered} offered, ${tally.completed} completed, ${tally.failed} failed`;
    return [rate, ...(this.#paused ? ["paused"] : []), bodies, counts].join("; ");
  }
}

/** Three digits are enough of a rate that was typed as a percentage. */
function rounded(rps: number): number {
  return rps >= 1000 ? Math.round(rps) : Number(rps.toPrecision(3));
}

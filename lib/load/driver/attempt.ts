// What is known of one request of the load, from due to done, and how it goes into the account. It knows no client: whoever
// sends it tells it what happens, and asks it what to do with the body.

import type { Clock } from "../../core/clock.ts";
import { ListLink } from "../../core/linked_list.ts";
import type { BodyPolicy } from "../../scenario/plan.ts";
import type { Tally } from "../account/tally.ts";
import { BELOW_400, type ExpectedStatus, type Unmet, unmetStatus } from "./expected_status.ts";

/** Why an attempt failed. Reports group by `phase/code`; a client's own errors may be failures as they are. */
export interface Failure {
  /** How far the request had come: "pool", "dial", "proxy", "tls", "write", "head", "body". */
  readonly phase: string;
  readonly code: string;
  readonly message: string;
}

/** The beginning of a response, lent for the length of a call. */
export interface Head {
  readonly status: number;
  /** Its fields; a client need not decode them before. */
  rawHeaders(): readonly (readonly [name: string, value: string])[];
}

/** A client's end of an attempt. */
export interface Call {
  /** Ends it with a failure of this code, which the attempt is told before this returns; nothing if it has ended. */
  abort(code: string, message: string): void;
}

/** What an attempt needs of its generator. */
export interface AttemptOwner {
  readonly clock: Clock;
  readonly tally: Tally;
  readonly bodyPolicy: BodyPolicy;
  /** The clock's last readings: what happens together is read once. */
  sentMs: number;
  arrivedMs: number;
  /** What the clock said where the callback under way began, if that is known: 0 elsewhere. */
  readonly nowMs: number;
  /** The attempt is accounted for, and ended at this instant; `reusable`: the object may carry another one. */
  finished(attempt: Attempt, reusable: boolean, endedMs: number): void;
  /** A failure that the whole run may have to end for. */
  failed(failure: Failure): void;
}

/** One request of the load; the object is used again and again. */
export class Attempt {
  /** Among the unfinished, by age. Owned by the generator. */
  readonly link: ListLink<Attempt> = new ListLink(this);
  /** Owned by the client. */
  call: Call | undefined = undefined;
  /** From due to the last byte; 0: no limit. */
  timeoutMs: number;
  protected readonly owner: AttemptOwner;
  readonly #expected: ExpectedStatus;
  #dueMs = 0;
  /** 0: not handed to the client yet, or sent before it returned. */
  #handedMs = 0;
  /** 0: not sent yet. */
  #sentMs = 0;
  /** When the last bytes of the response came. */
  #arrivedMs = 0;
  #status = 0;
  #settled = true;
  #holds = false;

  /** An answer with another status than these has failed. */
  constructor(owner: AttemptOwner, timeoutMs: number, expected: ExpectedStatus = BELOW_400) {
    this.owner = owner;
    this.timeoutMs = timeoutMs;
    this.#expected = expected;
  }

  // --- from the generator

  /** When the current request is due. */
  get dueMs(): number {
    return this.#dueMs;
  }

  get isSent(): boolean {
    return this.#sentMs !== 0;
  }

  /** Takes on a request that is due at this instant of the clock, and accounts for it as offered. */
  begin(dueMs: number): void {
    this.#dueMs = dueMs;
    this.#handedMs = 0;
    this.#sentMs = 0;
    this.#settled = false;
    this.owner.tally.offered += 1;
    this.owner.tally.unsent += 1;
  }

  /** The client has it and returned. A request that it could not send at once waits for a connection from now on. */
  handedOver(): void {
    if (this.#sentMs !== 0 || this.#handedMs !== 0 || this.#settled) return;
    this.#handedMs = this.owner.clock.nowMs();
    this.owner.tally.late.handedOver(this.#handedMs - this.#dueMs);
  }

  /** The run is over and the request is not: it counts with its age, and whatever still happens to it does not. */
  censor(nowMs: number): void {
    this.#settled = true;
    this.owner.tally.clocks.censored.recordMs(nowMs - this.#dueMs);
  }

  // --- from the client, in this order; a retry begins again at `sent`

  /** Its first byte goes out; `together`: in one write with the one told of before. */
  sent(together: boolean): void {
    const { owner } = this;
    if (!together) owner.sentMs = owner.nowMs === 0 ? owner.clock.nowMs() : owner.nowMs;
    if (this.#sentMs !== 0) return; // a retry: the first sending counts
    this.#sentMs = owner.sentMs;
    const { tally } = owner;
    tally.unsent -= 1;
    tally.inFlight += 1;
    const lagMs = this.#sentMs - this.#dueMs;
    if (this.#handedMs === 0) tally.late.sentAtOnce(lagMs);
    else tally.late.sentAfterWait(lagMs, this.#sentMs - this.#handedMs);
  }

  /** The response's first byte came; `together`: in one read with the end of the response told of before. */
  firstByte(together: boolean): void {
    if (!together) this.arrived();
    this.#arrivedMs = this.owner.arrivedMs;
    this.owner.tally.clocks.firstByte.recordMs(this.#arrivedMs - this.#sentMs);
  }

  /** More of the response came, or its end; told before anything of it. */
  arrived(): void {
    const { owner } = this;
    this.#arrivedMs = owner.arrivedMs = owner.clock.nowMs();
  }

  head(head: Head): void {
    this.#status = head.status;
  }

  /** What to do with the body that has begun: read it, and tell of its `end`; close it, and tell of that; or `hold` it. */
  get bodyPolicy(): BodyPolicy {
    return this.owner.bodyPolicy;
  }

  /** Whether it wants to see the body. */
  get seeksInBody(): boolean {
    return false;
  }

  /** Bytes of the body, lent for the length of the call; for those who want to see them. */
  body(_bytes: Uint8Array): void {}

  /** The response is over: there is no body, or it was read to its end, or given up. */
  end(): void {
    if (!this.#settled) this.#complete(true);
    else if (this.#holds) this.#letGo();
  }

  /** The body stays where it is, and the object with it. It counts as held also where the run is over. */
  hold(): void {
    this.#holds = true;
    this.owner.tally.countHeld(this.request, 1);
    if (!this.#settled) this.#complete(false);
  }

  fail(failure: Failure): void {
    if (this.#settled) {
      if (this.#holds) this.#letGo(); // its body broke; its request was completed before
      return;
    }
    this.#settled = true;
    const { tally, clock } = this.owner;
    const now = clock.nowMs();
    if (this.#sentMs === 0) {
      tally.unsent -= 1;
    } else {
      tally.inFlight -= 1;
      tally.clocks.service.recordMs(now - this.#sentMs);
    }
    tally.clocks.response.recordMs(now - this.#dueMs);
    this.broke(failure, now - this.#dueMs);
    this.owner.failed(failure);
    this.owner.finished(this, true, now);
  }

  // --- inside

  /** The place of its request in the plan. */
  protected get request(): number {
    return 0;
  }

  /** Nothing is left of the held body. */
  #letGo(): void {
    this.#holds = false;
    this.owner.tally.countHeld(this.request, -1);
  }

  #complete(reusable: boolean): void {
    this.#settled = true;
    const { tally } = this.owner;
    const responseMs = this.#arrivedMs - this.#dueMs;
    tally.inFlight -= 1;
    tally.clocks.service.recordMs(this.#arrivedMs - this.#sentMs);
    tally.clocks.response.recordMs(responseMs);
    this.answered(this.#status, responseMs);
    this.owner.finished(this, reusable, this.#arrivedMs);
  }

  /** Finds out whether a response is as expected, and counts it. */
  protected answered(status: number, responseMs: number): void {
    this.countAnswer(status, responseMs, this.#expected.has(status) ? undefined : unmetStatus(status));
  }

  /** Counts a response; `unmet`: what it was not. */
  protected countAnswer(status: number, responseMs: number, unmet: Unmet | undefined): void {
    const { tally } = this.owner;
    tally.countStatus(status);
    if (unmet === undefined) {
      tally.complete(this.#arrivedMs);
      return;
    }
    tally.failed += 1;
    tally.errors.count(unmet, responseMs);
  }

  /** Counts a failure. */
  protected broke({ phase, code }: Failure, responseMs: number): void {
    const { tally } = this.owner;
    tally.failed += 1;
    tally.errors.count(`${phase}/${code}`, responseMs);
  }
}

// Whom a span of a run owes its slow responses to: the generator tells on itself.
//
// A response is late by what the generator added (it handed the request over late, and saw the answer late, as late as
// its event loop runs) and by what came after: the wait for a connection, the wire, the server. Where the response's p99
// is short, nobody is to blame; else it is the generator if its own part is most of it, and the server otherwise.
// A closed loop sends less when it is held up, so that few responses tell of it: there, a thread that had something to do
// all the time is the limit, whether it had a core for it or not, and so is an event loop that is late most of the time.

export type Limit = "generator" | "server" | "none";

/** Timers and schedulers are some ms late on a sound machine; a p99 below this is nobody's fault. */
const SLOW_US = 10_000;

/** The generator's own part of a response time from which on it is to blame. */
const OWN_SHARE = 2 / 3;

/** A thread that can run for this much of the time never waits for anybody. */
const BUSY_PERCENT = 95;

/** An event loop whose timers are overdue for this much of the time stands still more than it serves. */
const LATE_PERCENT = 50;

/** A shorter span spends its CPU on compiling its own code, on more than one thread. */
const LEAST_MS = 500;

/** What a span of a run shows. */
export interface Span {
  readonly lengthMs: number;
  /** A closed loop without think time: it goes as fast as something allows, so that there is a limit unless it is paused. */
  readonly unpaced: boolean;
  /** p99 in µs, what is still unanswered counted with its age; 0: nothing was sent. */
  readonly responseUs: number;
  /** p99 in µs, of due → handed to the transport. */
  readonly dispatchUs: number;
  /** p99 in µs, of how late a timer fired. */
  readonly loopDelayUs: number;
  /** How much of the time the thread ran, or would have run had there been a core for it. */
  readonly runnablePercent: number;
  /** For how much of the time a timer was overdue. */
  readonly latePercent: number;
}

export function limitOf(span: Span): Limit {
  if (span.responseUs >= SLOW_US && ownPartUs(span) >= OWN_SHARE * span.responseUs) return "generator";
  if (span.unpaced && isBusy(span)) return "generator";
  if (span.unpaced && span.responseUs > 0) return "server"; // else it is paused: nobody sends, nobody is waited for
  return span.responseUs >= SLOW_US ? "server" : "none";
}

/** What the generator itself adds to a slow response, in µs: late to send it, late to see its answer. */
export function ownPartUs({ dispatchUs, loopDelayUs }: Span): number {
  return dispatchUs + loopDelayUs;
}

/** Whether the generator had something to do all the time. */
export function isBusy({ lengthMs, runnablePercent, latePercent }: Span): boolean {
  return lengthMs >= LEAST_MS && (runnablePercent >= BUSY_PERCENT || latePercent >= LATE_PERCENT);
}

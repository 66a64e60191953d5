// One call of the runtime's `fetch`, from its start to its body's end, and what it tells its attempt. Its states have the
// names of the transport's read loops where they mean the same; connections and first bytes it cannot know.

import type { Attempt, Call, Head } from "../driver/attempt.ts";
import { failureOf } from "./fetch_failure.ts";
import type { FetchRequest } from "./fetch_request.ts";

/** How far a call has come. */
export type FetchState = "awaitingHead" | "readingBody" | "awaitingBodyRead" | "over";

/** Who keeps the account of calls. */
export interface FetchCallOwner {
  /** A call goes from a state to another; "over": from then on it holds nothing, and is nobody's. */
  moved(call: FetchCall, from: FetchState, to: FetchState): void;
  received(bytes: number): void;
}

export class FetchCall implements Call {
  /** Whose body is held. A response that nobody knows would be collected, and the runtime give its body up. */
  held: Response | undefined = undefined;
  readonly #attempt: Attempt;
  readonly #owner: FetchCallOwner;
  readonly #controller = new AbortController();
  #state: FetchState = "over";

  constructor(attempt: Attempt, owner: FetchCallOwner) {
    this.#attempt = attempt;
    this.#owner = owner;
  }

  start(request: FetchRequest): void {
    this.#move("awaitingHead");
    void this.#run(request);
  }

  abort(code: string, message: string): void {
    if (this.#state === "over") return;
    const phase = this.#state === "awaitingHead" ? "head" : "body";
    this.drop();
    this.#attempt.fail({ phase, code, message });
  }

  /** Gives it up, without a word to the attempt. */
  drop(): void {
    this.#move("over");
    this.#controller.abort();
  }

  async #run({ url, method, headers, body }: FetchRequest): Promise<void> {
    const attempt = this.#attempt;
    const { signal } = this.#controller;
    attempt.sent(false);
    let response: Response;
    try {
      response = await fetch(url, { method, headers, body: body ?? null, redirect: "manual", signal });
    } catch (error) {
      this.#fail(error, "head");
      return;
    }
    if (this.#isOver()) return;
    attempt.arrived();
    attempt.head(new FetchHead(response));
    if (response.body === null || response.headers.get("content-length") === "0") {
      this.#end();
      return;
    }
    switch (attempt.bodyPolicy) {
      case "read":
        this.#move("readingBody");
        await this.#read(response.body);
        return;
      case "close":
        response.body.cancel().catch(() => {}); // what goes wrong with it now is nobody's
        this.#end();
        return;
      case "hold":
        this.held = response;
        this.#move("awaitingBodyRead");
        attempt.hold();
    }
  }

  async #read(body: NonNullable<Response["body"]>): Promise<void> {
    const attempt = this.#attempt;
    const reader = body.getReader();
    for (;;) {
      let bytes: Uint8Array | undefined;
      try {
        bytes = (await reader.read()).value;
      } catch (error) {
        this.#fail(error, "body");
        return;
      }
      if (this.#isOver()) return;
      attempt.arrived();
      if (bytes === undefined) break;
      this.#owner.received(bytes.length);
      if (attempt.seeksInBody) attempt.body(bytes);
    }
    this.#end();
  }

  #end(): void {
    this.#move("over");
    this.#attempt.end();
  }

  #fail(error: unknown, phase: "head" | "body"): void {
    if (this.#isOver()) return;
    this.#move("over");
    this.#attempt.fail(failureOf(error, phase));
  }

  /** Asked after each wait: it may have been given up meanwhile. */
  #isOver(): boolean {
    return this.#state === "over";
  }

  #move(to: FetchState): void {
    const from = this.#state;
    this.#state = to;
    if (to === "over") this.held = undefined;
    this.#owner.moved(this, from, to);
  }
}

class FetchHead implements Head {
  readonly status: number;
  readonly #response: Response;

  constructor(response: Response) {
    this.status = response.status;
    this.#response = response;
  }

  rawHeaders(): readonly (readonly [name: string, value: string])[] {
    return [...this.#response.headers];
  }
}

// A link to a host in this very thread, over text: what a process's link is, without the process.

import { INTERRUPTED } from "../../../lib/load/ending.ts";
import type { LinkListener, OpenLink } from "../../../lib/load/link/link.ts";
import { messageToText, parseFromHost, parseToHost } from "../../../lib/load/link/message_text.ts";
import { ShardHost } from "../../../lib/load/link/shard_host.ts";
import type { ShardSecond } from "../../../lib/load/shard/shard_second.ts";
import { openShard } from "../../../lib/load/worker/open_shard.ts";

/** What went over it, and the means to cut it. */
export class TextLink {
  readonly said: string[] = [];
  readonly told: string[] = [];
  #host: ShardHost | undefined;
  #listener: LinkListener | undefined;
  #cut = false;

  /** For a run: once. */
  readonly open: OpenLink = (listener) => {
    this.#listener = listener;
    let left: () => void;
    const gone = new Promise<void>((resolve) => left = resolve);
    // a message is heard after the call that told it, as over any wire
    const later = (heard: () => void) => queueMicrotask(() => this.#cut || heard());
    this.#host = new ShardHost(
      ({ plan, inputs, steered, share }) => openShard(plan, inputs, steered, share),
      (message) => {
        if (message.kind === "closed") return left();
        const text = messageToText(message);
        this.said.push(text);
        const parsed = parseFromHost(text);
        if (typeof parsed === "string") throw new Error(parsed);
        later(() => listener.hear(parsed));
      },
    );
    return {
      tell: (message) => {
        const text = messageToText(message);
        this.told.push(text);
        later(() => this.#host!.hear(parseToHost(text)));
      },
      close: async () => {
        this.#host!.hear({ kind: "close" });
        await gone;
      },
    };
  };

  /** The host is gone from one moment to the next. */
  die(why: string): void {
    this.#cut = true;
    this.#listener!.died(why);
    this.#host!.hear({ kind: "stop", ending: INTERRUPTED });
    this.#host!.hear({ kind: "close" });
  }

  get firstSecond(): ShardSecond {
    return JSON.parse(this.said.find((text) => text.startsWith('{"kind":"second"'))!).second;
  }

  /** The kinds of what the host said, each run of one kind once. */
  get kinds(): string[] {
    const kinds = this.said.map((text) => JSON.parse(text).kind as string).filter((kind) => kind !== "tick");
    return kinds.filter((kind, index) => kind !== kinds[index - 1]);
  }
}

import { detectAdapter } from "../../lib/socket/detect.ts";
import type { Address, Socket, SocketAdapter, SocketHandler } from "../../lib/socket/socket.ts";

/** The real adapter, but that chosen dials only begin when the test lets them. */
export class StallingAdapter implements SocketAdapter {
  readonly name = "node";
  dials = 0;
  /** Of the dials that were stalled: how many were given up before they began. */
  abandoned = 0;
  /** Where each dial went. */
  readonly addresses: Address[] = [];
  readonly #real = detectAdapter("auto");
  readonly #stalls: (dial: number, address: Address) => boolean;
  readonly #stalled: (() => void)[] = [];

  constructor(stalls: (dial: number, address: Address) => boolean) {
    this.#stalls = stalls;
  }

  dial(address: Address, handler: SocketHandler): Socket {
    this.addresses.push(address);
    if (!this.#stalls(this.dials++, address)) return this.#real.dial(address, handler);
    let socket: Socket | undefined;
    let destroyed = false;
    this.#stalled.push(() => {
      if (!destroyed) socket = this.#real.dial(address, handler);
    });
    return {
      write: (bytes) => socket!.write(bytes),
      pause: () => socket?.pause(),
      resume: () => socket?.resume(),
      end: () => socket?.end(),
      startTls: (settings) => socket!.startTls(settings),
      handover: (handler) => socket!.handover(handler),
      ref: () => socket?.ref(),
      unref: () => socket?.unref(),
      destroy: () => {
        if (socket === undefined && !destroyed) this.abandoned += 1;
        destroyed = true;
        socket?.destroy();
      },
    };
  }

  release(): void {
    for (const go of this.#stalled.splice(0)) go();
  }
}

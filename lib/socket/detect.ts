import { bunAdapter } from "./bun.ts";
import { denoAdapter } from "./deno.ts";
import { nodeAdapter } from "./node.ts";
import type { SocketAdapter } from "./socket.ts";

/** Which adapter to use: "node" is the base on `node:net`, "native" the runtime's own, "auto" the better of the two. */
export type AdapterChoice = "auto" | "node" | "native";

/** The adapters that work in this runtime: the base first, then the runtime's own, where it has one. */
export function availableAdapters(): readonly [SocketAdapter, ...SocketAdapter[]] {
  if ("Bun" in globalThis) return [nodeAdapter, bunAdapter];
  if ("Deno" in globalThis) return [nodeAdapter, denoAdapter];
  return [nodeAdapter];
}

/**
 * The adapter for a choice, in the runtime that runs this. Node has nothing beside the base. On Bun "auto" is Bun's own.
 * On Deno "auto" is the base: Deno's own is 7 % faster with small responses, but takes twice the CPU with large ones
 * and two thirds more memory for each idle connection (the figures are in README.md).
 */
export function detectAdapter(choice: AdapterChoice): SocketAdapter {
  const [base, native = base] = availableAdapters();
  if (choice === "auto") return native.name === "bun" ? native : base;
  return choice === "node" ? base : native;
}

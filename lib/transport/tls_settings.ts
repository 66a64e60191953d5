import type { TlsSettings } from "../socket/tls.ts";
import type { TlsOptions } from "./options.ts";

/** Names whose settings are kept per transport; a crawler's many are not. */
const MAX_NAMES = 100;

const known = new WeakMap<TlsOptions, Map<string, TlsSettings>>();

/** One object per name, since a socket finds the costly part of a handshake, its context, by the settings' identity. */
export function tlsSettings(options: TlsOptions, servername: string): TlsSettings {
  let byName = known.get(options);
  if (byName === undefined) known.set(options, byName = new Map());
  let settings = byName.get(servername);
  if (settings === undefined) {
    if (byName.size === MAX_NAMES) byName.clear();
    byName.set(servername, settings = { ...options, servername, alpnProtocols: ["http/1.1"] });
  }
  return settings;
}

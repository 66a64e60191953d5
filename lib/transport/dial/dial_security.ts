import type { TlsSettings } from "../../socket/tls.ts";
import type { Settings } from "../options/options.ts";
import type { Route } from "../request/route.ts";
import type { Security } from "./address_race.ts";

/** What a socket to the route's peer has to be capable of; undefined: it is plain and stays it. */
export function peerSecurity(route: Route, settings: Settings): Security | undefined {
  const { proxy, scheme } = route;
  if (proxy === undefined) {
    return scheme === "https" ? { upgradable: false, tls: targetTls(route, settings) } : undefined;
  }
  const upgradable = scheme === "https"; // the tunnel to the target is secured once the proxy has opened it
  const secured = proxy.scheme === "https";
  return secured || upgradable ? { upgradable, tls: secured ? tlsWith(proxy.host, settings) : undefined } : undefined;
}

/** What the handshake with the target is asked for. */
export function targetTls(route: Route, settings: Settings): TlsSettings {
  return tlsWith(settings.tls.servername ?? route.host, settings);
}

function tlsWith(servername: string, { tls }: Settings): TlsSettings {
  return { servername, credentials: tls, insecure: tls.insecure, alpnProtocols: ["http/1.1"] };
}

// What is said to a proxy before a tunnel stands: CONNECT (RFC 9110 §9.3.6) here, SOCKS 5 in socks5.ts. Bytes in, bytes out.

import { basicAuthorization } from "../../core/basic_authorization.ts";
import { ProtocolError } from "../../http1/protocol_error.ts";
import { encodeRequestHead } from "../../http1/request/request_writer.ts";
import { HEAD, INFORMATIONAL, type ParserLimits, ResponseParser } from "../../http1/response_parser.ts";
import { hostPort, type Route } from "../request/route.ts";
import { TransportError } from "../transport_error.ts";
import { Socks5Handshake } from "./socks5.ts";

/** Bytes in, bytes out, until the proxy has opened the way to the target. Throws a `TransportError`, phase `proxy`. */
export interface ProxyHandshake {
  /** What to write first. */
  begin(): Uint8Array;
  /** What to write next, or whether more bytes are needed. */
  receive(view: Uint8Array): Uint8Array | "done" | "more";
}

/** The handshake by which this route's proxy opens a tunnel. */
export function beginProxyHandshake(route: Route, limits: ParserLimits): ProxyHandshake {
  const { scheme, username, password } = route.proxy!;
  if (scheme === "http" || scheme === "https") return new ConnectHandshake(route, limits);
  return new Socks5Handshake(route.host, route.port, username, password);
}

/** CONNECT (RFC 9110 §9.3.6). As in Go exactly 200 opens the tunnel, and the server behind it does not speak first. */
class ConnectHandshake implements ProxyHandshake {
  readonly #route: Route;
  readonly #parser: ResponseParser;

  constructor(route: Route, limits: ParserLimits) {
    this.#route = route;
    this.#parser = new ResponseParser(limits);
    this.#parser.begin(true); // no body, whatever the head says
  }

  begin(): Uint8Array {
    const { host, port, proxy } = this.#route;
    const target = hostPort(host, port);
    const authorized = proxy!.username + proxy!.password !== "";
    const headers: [string, string][] = authorized
      ? [["Proxy-Authorization", basicAuthorization(`${proxy!.username}:${proxy!.password}`)]]
      : [];
    return inProxyPhase(() =>
      encodeRequestHead({ method: "CONNECT", target, host: target, headers, framing: { kind: "none" }, close: false })
    );
  }

  receive(view: Uint8Array): "done" | "more" {
    this.#parser.receive(view);
    const event = inProxyPhase(() => this.#skipInformational());
    if (event !== HEAD) {
      this.#parser.retain();
      return "more";
    }
    const { status } = this.#parser.head;
    if (status === 200) return "done";
    const text = `proxy refused CONNECT: ${status} ${this.#parser.head.reason()}`.trimEnd();
    throw new TransportError(text, { code: "proxyRefused", side: "remote", phase: "proxy" });
  }

  #skipInformational(): number {
    let event = this.#parser.next();
    while (event === INFORMATIONAL) event = this.#parser.next();
    return event;
  }
}

/** A message that breaks HTTP/1, whoever's it is, fails the handshake. */
function inProxyPhase<Result>(step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const { code, side, message } = error;
    throw new TransportError(`proxy: ${message}`, { code, side, phase: "proxy", cause: error });
  }
}

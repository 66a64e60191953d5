// The client's side of SOCKS 5 (RFC 1928, RFC 1929), without I/O.
//
// Each step is one message of ours and one answer; the server never speaks first.
//
//   state          awaits                      then sends                  next
//   method         the method it selects       the request, or             reply
//                                              user and password           login
//   login          the verdict on them         the request                 reply
//   reply          the request's reply         nothing                     done
//
// What follows an answer breaks the protocol; so does what follows the reply, for neither TLS nor HTTP lets the server
// behind the proxy speak first, and a response that nobody asked for must not be the next request's.

import { concatBytes, NO_BYTES } from "../../core/bytes.ts";
import { parseIp } from "../../core/ip_address.ts";
import { type Side, TransportError } from "../transport_error.ts";

const VERSION = 5;
const NO_AUTHENTICATION = 0;
const USERNAME_PASSWORD = 2;
const NO_ACCEPTABLE_METHODS = 0xff;
const CONNECT = 1;
const IPV4 = 1;
const DOMAIN_NAME = 3;
const IPV6 = 4;
/** The version of RFC 1929. */
const LOGIN_VERSION = 1;

/** RFC 1928 §6, in Go's words. */
const REPLIES: readonly string[] = [
  "succeeded",
  "general SOCKS server failure",
  "connection not allowed by ruleset",
  "network unreachable",
  "host unreachable",
  "connection refused",
  "TTL expired",
  "command not supported",
  "address type not supported",
];

const ENCODER = new TextEncoder();

type State = "method" | "login" | "reply";

/**
 * One handshake: write `begin()`, hand what arrives to `receive()` until it says "done". A target that is an IP address
 * goes as one, a name as a name, which the proxy resolves (so does Go, for socks5 as for socks5h).
 *
 * Throws a `TransportError` of phase `proxy`:
 *
 * | code | side | when |
 * |---|---|---|
 * | `socksBadTarget` | local | the target's name is empty or over 255 bytes |
 * | `socksBadCredentials` | local | the user is empty, or user or password are over 255 bytes |
 * | `socksNoAcceptableMethods` | remote | the proxy wants another way of authentication |
 * | `socksAuthFailed` | remote | the proxy rejects user and password |
 * | `socksRefused` | remote | the proxy cannot or may not connect: the message says why |
 * | `socksMalformed` | remote | an answer that breaks the protocol |
 */
export class Socks5Handshake {
  readonly #target: string;
  readonly #login: Uint8Array | undefined;
  readonly #request: Uint8Array;
  #state: State = "method";
  /** The answer so far. */
  #answer: Uint8Array = NO_BYTES;

  /** Empty user and password: none are offered. */
  constructor(targetHost: string, targetPort: number, username: string, password: string) {
    this.#target = targetHost.includes(":") ? `[${targetHost}]:${targetPort}` : `${targetHost}:${targetPort}`;
    this.#login = username === "" && password === "" ? undefined : this.#encodeLogin(username, password);
    this.#request = this.#encodeRequest(targetHost, targetPort);
  }

  /** Bytes to write first: the ways of authentication on offer, RFC 1928 §3. */
  begin(): Uint8Array {
    return this.#login === undefined
      ? Uint8Array.of(VERSION, 1, NO_AUTHENTICATION)
      : Uint8Array.of(VERSION, 2, NO_AUTHENTICATION, USERNAME_PASSWORD);
  }

  /** Takes received bytes, in pieces of any size; returns what to write next, "more" to wait for, or "done". */
  receive(bytes: Uint8Array): Uint8Array | "done" | "more" {
    this.#answer = concatBytes([this.#answer, bytes]);
    switch (this.#state) {
      case "method":
        return this.#receiveMethod();
      case "login":
        return this.#receiveVerdict();
      case "reply":
        return this.#receiveReply();
    }
  }

  #receiveMethod(): Uint8Array | "more" {
    const [version, method] = this.#answer;
    this.#expectVersion(version);
    if (method === undefined) return "more";
    if (method === NO_ACCEPTABLE_METHODS) {
      throw this.#error("socksNoAcceptableMethods", "remote", "no acceptable authentication methods");
    }
    if (method === NO_AUTHENTICATION) return this.#next("reply", this.#request);
    if (method === USERNAME_PASSWORD && this.#login !== undefined) return this.#next("login", this.#login);
    throw this.#malformed(`unsupported authentication method ${method}`);
  }

  /** RFC 1929 §2. */
  #receiveVerdict(): Uint8Array | "more" {
    const [version, status] = this.#answer;
    if (version !== undefined && version !== LOGIN_VERSION) {
      throw this.#malformed("invalid username/password version");
    }
    if (status === undefined) return "more";
    if (status !== 0) throw this.#error("socksAuthFailed", "remote", "username/password authentication failed");
    return this.#next("reply", this.#request);
  }

  /** RFC 1928 §6. The bound address says nothing that a client of HTTP needs; only its length counts. */
  #receiveReply(): "done" | "more" {
    const [version, reply, reserved, addressType, nameLength] = this.#answer;
    this.#expectVersion(version);
    if (reply !== undefined && reply !== 0) {
      throw this.#error("socksRefused", "remote", REPLIES[reply] ?? `unknown code: ${reply}`);
    }
    if (reserved !== undefined && reserved !== 0) throw this.#malformed("non-zero reserved field");
    if (addressType === undefined || nameLength === undefined) return "more";
    const length = this.#replyLength(addressType, nameLength);
    if (this.#answer.length < length) return "more";
    if (this.#answer.length > length) throw this.#malformed("unexpected bytes after an answer");
    return "done";
  }

  /** Four bytes, the address, two of a port. */
  #replyLength(addressType: number, nameLength: number): number {
    switch (addressType) {
      case IPV4:
        return 4 + 4 + 2;
      case IPV6:
        return 4 + 16 + 2;
      case DOMAIN_NAME:
        return 4 + 1 + nameLength + 2;
      default:
        throw this.#malformed(`unknown address type ${addressType}`);
    }
  }

  /** The two-byte answer is complete. */
  #next(state: State, message: Uint8Array): Uint8Array {
    if (this.#answer.length > 2) throw this.#malformed("unexpected bytes after an answer");
    this.#state = state;
    this.#answer = NO_BYTES;
    return message;
  }

  #expectVersion(version: number | undefined): void {
    if (version !== undefined && version !== VERSION) throw this.#malformed(`unexpected protocol version ${version}`);
  }

  /** RFC 1929 §2; as Go, an empty password is let through. */
  #encodeLogin(username: string, password: string): Uint8Array {
    const user = ENCODER.encode(username);
    const secret = ENCODER.encode(password);
    if (user.length === 0 || user.length > 255 || secret.length > 255) {
      throw this.#error("socksBadCredentials", "local", "invalid username/password");
    }
    return Uint8Array.of(LOGIN_VERSION, user.length, ...user, secret.length, ...secret);
  }

  /** RFC 1928 §4. */
  #encodeRequest(host: string, port: number): Uint8Array {
    const head = [VERSION, CONNECT, 0];
    const ip = parseIp(host);
    if (ip !== undefined) return Uint8Array.of(...head, ip.length === 4 ? IPV4 : IPV6, ...ip, port >> 8, port & 0xff);
    const name = ENCODER.encode(host);
    if (name.length === 0) throw this.#error("socksBadTarget", "local", "no host");
    if (name.length > 255) throw this.#error("socksBadTarget", "local", "FQDN too long");
    return Uint8Array.of(...head, DOMAIN_NAME, name.length, ...name, port >> 8, port & 0xff);
  }

  #malformed(problem: string): TransportError {
    return this.#error("socksMalformed", "remote", problem);
  }

  #error(code: string, side: Side, problem: string): TransportError {
    return new TransportError(`socks connect ${this.#target}: ${problem}`, { code, side, phase: "proxy" });
  }
}

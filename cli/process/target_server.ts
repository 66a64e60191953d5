// The embedded target: an HTTP server that answers as its plan says and never closes a connection by itself.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { TargetPlan } from "../../lib/scenario/plan.ts";

/** A body that trickles comes in this many pieces. */
const SLOW_PIECES = 10;

/** As long a queue of unaccepted connections as the kernel allows (it caps this at net.core.somaxconn). */
export const LISTEN_BACKLOG = 65_535;

/** What a target has seen. */
export interface TargetCounts {
  connections: number;
  requests: number;
}

export interface TargetServer {
  readonly server: Server;
  readonly counts: TargetCounts;
}

/**
 * A server that is not yet listening. Idle connections stay open for `keepAliveTimeoutMs`, or for ever if that is 0:
 * the client's pool is what is measured, and a server that hangs up would hide what the client does.
 */
export function createTarget(plan: TargetPlan, keepAliveTimeoutMs = 0): TargetServer {
  const counts: TargetCounts = { connections: 0, requests: 0 };
  const answer = responder(plan);
  const server = createServer({ connectionsCheckingInterval: 2 ** 30, noDelay: true }, (request, response) => {
    counts.requests += 1;
    request.resume(); // a request's body is read and ignored
    if (plan.latencyMs === 0) answer(request, response);
    else setTimeout(answer, plan.latencyMs, request, response);
  });
  server.on("connection", (socket) => {
    counts.connections += 1;
    socket.on("error", ignore); // a client may reset its connection
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  server.timeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.maxRequestsPerSocket = 0;
  server.keepAliveTimeout = keepAliveTimeoutMs;
  return { server, counts };
}

function ignore(): void {}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

function responder(plan: TargetPlan): Answer {
  // One text for all sizes: a latin1 text leaves in one write together with its head.
  const longest = "x".repeat(plan.bodyBytesMax ?? plan.bodyBytes);
  const range = (plan.bodyBytesMax ?? plan.bodyBytes) - plan.bodyBytes + 1;
  const bodyOf = range === 1
    ? () => longest
    : () => longest.slice(0, plan.bodyBytes + Math.floor(Math.random() * range));
  return (request, response) => {
    const body = bodyOf();
    const head: Record<string, string | number> = { "content-type": "text/plain" };
    if (!plan.chunked) head["content-length"] = body.length;
    response.writeHead(200, head);
    if (request.method === "HEAD") response.end();
    else if (plan.slowBodyMs > 0) trickle(response, body, plan.slowBodyMs);
    else if (plan.chunked) {
      response.write(body, "latin1");
      response.end();
    } else response.end(body, "latin1");
  };
}

/** The first piece at once, the last one after `totalMs`. */
function trickle(response: ServerResponse, body: string, totalMs: number): void {
  let piece = 0;
  const next = (): void => {
    if (response.destroyed) return;
    const from = Math.floor((body.length * piece) / SLOW_PIECES);
    const to = Math.floor((body.length * (piece + 1)) / SLOW_PIECES);
    piece += 1;
    if (piece === SLOW_PIECES) return void response.end(body.slice(from, to), "latin1");
    if (to > from) response.write(body.slice(from, to), "latin1");
    setTimeout(next, totalMs / (SLOW_PIECES - 1));
  };
  next();
}

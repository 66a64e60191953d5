// The server of one program: it follows the program's scripts byte by byte, and reports what it saw.

import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { patternText, type Program, type RequestSpec, type Script, type ServerAction, type Step } from "./program.ts";
import type { ServerReport } from "./report.ts";
import { type ReadRequest, RequestReader } from "./request_reader.ts";

/** Long enough that the client's kernel has what was sent before; what the gap is for needs no more. */
const GAP_MS = 4;

/** One accepted connection. */
class Connection {
  readonly number: number;
  readonly host: number;
  readonly socket: Socket;
  readonly reader: RequestReader = new RequestReader();
  readonly requests: ReadRequest[] = [];
  /** Neither side has closed it, as far as the server can tell. */
  open = true;
  /** The server has sent FIN or RST: it answers no more. */
  ended = false;
  /** A script is at work, or waits. */
  answering = false;
  /** The script leaves the request's body in the kernel for now. */
  deaf = false;
  echo = false;
  bodyRead: (() => void) | undefined = undefined;

  constructor(number: number, host: number, socket: Socket) {
    this.number = number;
    this.host = host;
    this.socket = socket;
  }

  get owesNothing(): boolean {
    return this.open && !this.ended && !this.echo && !this.answering && this.reader.current === undefined;
  }
}

export class ScriptServer {
  /** Goes up whenever anything happens. */
  activity = 0;
  /** Scripts in a gap: something will happen without anybody doing anything. */
  busy = 0;
  readonly #specs: Map<number, RequestSpec> = new Map();
  readonly #scripts: readonly Script[];
  /** Requests may wait for a connection, and get one that nobody has looked at since its response. */
  readonly #limited: boolean;
  readonly #listeners: Server[] = [];
  readonly #connections: Connection[] = [];
  readonly #held: Map<number, (() => void)[]> = new Map();
  #disturbed = "";

  private constructor(program: Program) {
    this.#scripts = program.scripts;
    this.#limited = program.options.maxConnsPerHost > 0;
    for (const request of program.steps.flatMap(requestsOf)) this.#specs.set(request.id, request);
  }

  static async start(program: Program): Promise<ScriptServer> {
    const server = new ScriptServer(program);
    for (let host = 0; host < program.hosts; host++) {
      const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.#accept(host, socket));
      await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
      server.#listeners.push(listener);
    }
    return server;
  }

  get ports(): number[] {
    return this.#listeners.map((listener) => (listener.address() as AddressInfo).port);
  }

  report(): ServerReport {
    return {
      dials: this.#connections.length,
      // of one that it does not read, the server may or may not hear the end
      open: this.#connections.filter((connection) => connection.open || connection.deaf).length,
      requests: this.#connections.flatMap((connection) =>
        connection.requests.map((request, index) => `connection ${connection.number}.${index}: ${describe(request)}`)
      ),
      disturbed: this.#disturbed,
    };
  }

  /** Lets the held responses to a request go on. */
  release(id: number): void {
    this.activity += 1;
    for (const go of this.#held.get(id) ?? []) go();
    this.#held.delete(id);
  }

  /** Ends, resets or writes on a connection that owes no response. */
  disturb(pick: number, text: string, end: "no" | "fin" | "rst"): void {
    const quiet = this.#connections.filter((connection) =>
      connection.owesNothing && (end !== "rst" && !this.#limited || this.#isRead(connection))
    );
    const connection = quiet[pick % quiet.length];
    this.#disturbed = connection === undefined ? "none" : `connection ${connection.number}`;
    this.activity += 1;
    if (connection === undefined) return;
    if (text !== "") connection.socket.write(text, "latin1");
    if (end === "fin") this.#fin(connection);
    if (end === "rst") this.#reset(connection);
  }

  /** Reads what scripts have left unread, to see who has gone. */
  hear(): void {
    for (const connection of this.#connections) {
      connection.ended = true;
      connection.deaf = false;
      connection.socket.resume();
    }
  }

  async close(): Promise<void> {
    for (const { socket } of this.#connections) socket.destroy();
    for (const go of [...this.#held.values()].flat()) go();
    await Promise.all(this.#listeners.map((listener) => new Promise((resolve) => listener.close(resolve))));
  }

  #accept(host: number, socket: Socket): void {
    const connection = new Connection(this.#connections.length, host, socket);
    this.#connections.push(connection);
    this.activity += 1;
    socket.on("data", (bytes: Buffer) => {
      this.activity += 1;
      if (connection.ended) return;
      if (connection.echo) {
        socket.write(bytes);
        return;
      }
      connection.reader.take(bytes);
      this.#read(connection);
    });
    socket.on("end", () => {
      this.activity += 1;
      connection.open = false;
      socket.end();
    });
    socket.on("error", () => this.activity += 1);
    socket.on("close", () => {
      this.activity += 1;
      connection.open = false;
    });
  }

  #read(connection: Connection): void {
    if (connection.ended) return;
    const { reader } = connection;
    if (reader.current === undefined) {
      if (connection.answering) return;
      const request = reader.readHead();
      if (request === undefined) return;
      connection.requests.push(request);
      const script = this.#scriptFor(request);
      if (script.answerAt === "head" && request.framing !== "none") {
        connection.deaf = true;
        connection.socket.pause();
        void this.#answer(connection, script);
        return;
      }
    }
    if (connection.deaf || reader.current!.complete || !reader.readBody()) return;
    connection.bodyRead?.();
    if (!connection.answering) void this.#answer(connection, this.#scriptFor(reader.current!));
  }

  async #answer(connection: Connection, script: Script): Promise<void> {
    connection.answering = true;
    const actions = connection.requests.length > 1 ? script.reusedActions ?? script.actions : script.actions;
    for (const action of actions) await this.#act(connection, action);
    connection.answering = false;
    if (!connection.reader.current!.complete) return;
    connection.reader.current = undefined;
    this.activity += 1;
    if (connection.reader.rest.length > 0) this.#read(connection);
  }

  async #act(connection: Connection, action: ServerAction): Promise<void> {
    const { socket } = connection;
    switch (action.do) {
      case "send":
        socket.write(action.text, "latin1");
        return;
      case "fill":
        socket.write(patternText(action.from, action.length), "latin1");
        return;
      case "raw":
        socket.write(Buffer.from(action.base64, "base64"));
        return;
      case "gap":
        this.busy += 1;
        await new Promise((resolve) => setTimeout(resolve, GAP_MS));
        this.busy -= 1;
        return;
      case "hold":
        return await this.#hold(Number(connection.reader.current!.target.substring(1)));
      case "awaitBody": {
        const read = new Promise<void>((resolve) => connection.bodyRead = resolve);
        connection.deaf = false;
        socket.resume();
        this.#read(connection);
        if (connection.reader.current!.complete) return;
        return await read;
      }
      case "echo":
        connection.echo = true;
        socket.write(connection.reader.takeRest());
        return;
      case "fin":
        return this.#fin(connection);
      case "rst":
        this.busy += 1;
        await new Promise((resolve) => setTimeout(resolve, GAP_MS));
        this.busy -= 1;
        return this.#reset(connection);
    }
  }

  #hold(id: number): Promise<void> {
    return new Promise((resolve) => {
      const held = this.#held.get(id) ?? [];
      held.push(resolve);
      this.#held.set(id, held);
    });
  }

  #fin(connection: Connection): void {
    connection.ended = true;
    connection.deaf = false;
    connection.socket.end();
    connection.socket.resume();
  }

  #reset(connection: Connection): void {
    connection.ended = true;
    connection.open = false;
    connection.deaf = false;
    connection.socket.resetAndDestroy();
  }

  /** The client has read what it was sent: what comes then comes to a socket that listens. */
  #isRead({ requests }: Connection): boolean {
    const last = requests.at(-1);
    return last === undefined || this.#specFor(last).then === "read";
  }

  #scriptFor(request: ReadRequest): Script {
    return this.#scripts[this.#specFor(request).script]!;
  }

  #specFor(request: ReadRequest): RequestSpec {
    const spec = this.#specs.get(Number(request.target.substring(1)));
    if (spec === undefined) throw new Error(`no request ${request.target} in the program`);
    return spec;
  }
}

/** The requests that a step starts. */
export function requestsOf(step: Step): readonly RequestSpec[] {
  if (step.op === "start") return [step.request];
  return step.op === "chain" ? step.requests : [];
}

function describe(request: ReadRequest): string {
  const fields = request.headers
    .filter(([name]) => !["host", "user-agent"].includes(name))
    .map(([name, value]) => `${name}=${value}`).sort();
  const body = request.framing === "none" ? [] : [request.complete ? `body=${request.bodyBytes}` : "incomplete"];
  // A method that seldom has a body: both look at its first byte, and Go then sends that as a chunk of its own.
  const chunks = request.framing === "chunked" && request.method !== "DELETE" ? [`chunks=${request.chunks}`] : [];
  const fault = request.fault === "" ? [] : [`FAULT ${request.fault}`];
  return [request.method, request.target, ...fields, ...body, ...chunks, ...fault].join(" ");
}

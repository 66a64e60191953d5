// The write loop of one connection, after `persistConn.writeLoop` of Go's net/http.
//
//   awaitingRequest    nothing to write
//   awaitingFirstByte  a streamed body of a request that seldom has one: is it empty? For 200 ms at most
//   awaitingContinue   the head is out; the body waits for the server's 100 (Continue), for the timer, or for the end
//   awaitingBody       the streamed body was asked for its next piece
//   writing            the socket took all it could; the rest follows its drain
//   closed             the connection is gone
//
// A request that the socket takes whole never leaves awaitingRequest: there is no moment at which anybody could see it
// elsewhere. A response may arrive while its request is still being written; the read loop then asks `requestWritten`.

import { copyBytes } from "../../core/bytes.ts";
import type { Clock, Timer } from "../../core/clock.ts";
import { encodeChunk, LAST_CHUNK } from "../../http1/request/chunk_writer.ts";
import type { EncodedRequest } from "../../http1/request/encoded_request.ts";
import { moves } from "../loop_census.ts";
import type { PreparedRequest } from "../request/prepared_request.ts";
import type { PieceSink, Upload } from "../request/request_body.ts";
import { TransportError } from "../transport_error.ts";
import { encodingOf } from "./request_encoding.ts";

const AWAITING_REQUEST = 0;
const AWAITING_FIRST_BYTE = 1;
const AWAITING_CONTINUE = 2;
const AWAITING_BODY = 3;
const WRITING = 4;
const CLOSED = 5;

export const WRITE_LOOP_STATES: readonly string[] = [
  "awaitingRequest",
  "awaitingFirstByte",
  "awaitingContinue",
  "awaitingBody",
  "writing",
  "closed",
];

/** The transition table. */
export const WRITE_LOOP_MOVES: readonly number[] = moves({
  [AWAITING_REQUEST]: [AWAITING_FIRST_BYTE, AWAITING_CONTINUE, AWAITING_BODY, WRITING, CLOSED],
  [AWAITING_FIRST_BYTE]: [AWAITING_CONTINUE, AWAITING_BODY, WRITING, AWAITING_REQUEST, CLOSED],
  [AWAITING_CONTINUE]: [AWAITING_BODY, WRITING, AWAITING_REQUEST, CLOSED],
  [AWAITING_BODY]: [WRITING, AWAITING_REQUEST, CLOSED],
  [WRITING]: [AWAITING_BODY, AWAITING_REQUEST, CLOSED],
}, WRITE_LOOP_STATES.length);

/** How long an unexpected body may take to show its first byte (Go, `probeRequestBody`). */
const MAX_PROBE_MS = 200;

/** Pieces may come without a turn of the event loop, and nobody is heard meanwhile: after so many there is one. */
const PIECES_A_TURN = 512;

/** What the loop needs of its connection. */
export interface WriteLoopOwner {
  readonly clock: Clock;
  readonly expectContinueTimeoutMs: number;
  /** To the socket; false: hold back until `drained`. */
  write(bytes: Uint8Array): boolean;
  headWritten(head: Uint8Array): void;
  /** The body is held back for a 100 (Continue). */
  awaitsContinue(): void;
  /** The request is with the kernel, to its end. */
  written(): void;
  /** The body failed, or did not keep to its length. */
  writeFailed(error: TransportError): void;
}

/** What is under way of a request that takes more than one write. */
class Transfer {
  readonly encoded: EncodedRequest;
  /** The body is held back for a 100. */
  readonly expectsContinue: boolean;
  readonly upload: Upload | undefined;
  /** Bytes of a streamed body sent so far. */
  sentBytes = 0;
  /** A streamed body's first piece, which came before its head was out. */
  firstPiece: Uint8Array | undefined = undefined;
  /** Its end came before the server's 100. */
  sourceEnded = false;
  /** The source was asked, and has not answered. */
  asked = false;
  timer: Timer | undefined = undefined;
  /** How many pieces the source was asked for. */
  pieces = 0;
  /** It is asked for the next one after a turn of the event loop. */
  turn: Timer | undefined = undefined;
  /** The last byte was given to the socket, which has not taken it yet. */
  ended = false;

  constructor(encoded: EncodedRequest, expectsContinue: boolean, upload: Upload | undefined) {
    this.encoded = encoded;
    this.expectsContinue = expectsContinue;
    this.upload = upload;
  }
}

export class WriteLoop implements PieceSink {
  readonly #owner: WriteLoopOwner;
  #state = AWAITING_REQUEST;
  /** None: in "writing" it is the last byte that the socket has not taken yet. */
  #transfer: Transfer | undefined = undefined;

  constructor(owner: WriteLoopOwner) {
    this.#owner = owner;
  }

  /** What the census counts it as. */
  get counted(): number {
    return this.#state;
  }

  get awaitingContinue(): boolean {
    return this.#state === AWAITING_CONTINUE;
  }

  /** Writes a request; true: to its end, within the call. Else `owner.written` tells, or `owner.writeFailed`. */
  start(request: PreparedRequest, upload: Upload | undefined): boolean {
    const encoded = encodingOf(request);
    if (upload === undefined && encoded.laterBody === undefined) {
      const taken = this.#owner.write(encoded.bytes);
      this.#owner.headWritten(encoded.bytes);
      if (taken) return true;
      if (this.#state === AWAITING_REQUEST) this.#transition(WRITING); // a failed write may have closed the connection
      return false;
    }
    this.#transfer = new Transfer(encoded, request.expectsContinue, upload);
    if (encoded.headIfEmpty !== undefined) this.#probe();
    else this.#sendHead(encoded.bytes);
    return false;
  }

  /** The socket's queue is empty. */
  drained(): void {
    if (this.#state !== WRITING) return;
    if (this.#transfer === undefined || this.#transfer.ended) this.#finish();
    else this.#ask();
  }

  /** The body may go out: a 100, a final answer on a connection that is to be kept, or the timer. */
  continue(): void {
    if (this.#state === AWAITING_CONTINUE) this.#sendBody();
  }

  /** The answer is here and the connection will close: the body is not wanted. */
  skipBody(): void {
    if (this.#state !== AWAITING_CONTINUE) return;
    this.#transfer!.upload?.stop();
    this.#finish();
  }

  close(): void {
    if (this.#state === CLOSED) return;
    this.#transition(CLOSED);
    this.#transfer?.upload?.stop();
    this.#forget();
  }

  // --- from the body's source

  onPiece(piece: Uint8Array): void {
    const transfer = this.#transfer!;
    transfer.asked = false;
    if (piece.length === 0) {
      this.#askAgain();
    } else if (this.#state === AWAITING_FIRST_BYTE) {
      transfer.firstPiece = copyBytes(piece, 0, piece.length);
      this.#sendHead(transfer.encoded.bytes);
    } else if (this.#state === AWAITING_CONTINUE) { // the first byte, later than it was waited for
      transfer.firstPiece = copyBytes(piece, 0, piece.length);
    } else {
      this.#sendPiece(piece);
    }
  }

  onPiecesEnd(): void {
    const transfer = this.#transfer!;
    transfer.asked = false;
    if (this.#state === AWAITING_CONTINUE) {
      transfer.sourceEnded = true;
      return;
    }
    if (this.#state === AWAITING_FIRST_BYTE) {
      transfer.timer?.clear();
      const head = transfer.encoded.headIfEmpty!;
      const taken = this.#owner.write(head);
      this.#owner.headWritten(head);
      this.#end(taken);
      return;
    }
    this.#endBody();
  }

  onPieceError(error: TransportError): void {
    this.#transfer!.asked = false;
    this.#owner.writeFailed(error);
  }

  // --- inside

  #probe(): void {
    this.#transition(AWAITING_FIRST_BYTE);
    const transfer = this.#transfer!;
    transfer.timer = this.#owner.clock.setTimer(MAX_PROBE_MS, () => this.#sendHead(transfer.encoded.bytes));
    this.#askAgain();
  }

  #sendHead(head: Uint8Array): void {
    const transfer = this.#transfer!;
    transfer.timer?.clear();
    this.#owner.write(head);
    this.#owner.headWritten(head);
    if (this.#is(CLOSED)) return; // cancelled by a hook
    if (!transfer.expectsContinue) {
      this.#sendBody();
      return;
    }
    this.#transition(AWAITING_CONTINUE);
    const timeoutMs = this.#owner.expectContinueTimeoutMs;
    if (timeoutMs > 0) transfer.timer = this.#owner.clock.setTimer(timeoutMs, () => this.continue());
    this.#owner.awaitsContinue();
    if (timeoutMs === 0) this.continue();
  }

  #sendBody(): void {
    const transfer = this.#transfer!;
    transfer.timer?.clear();
    if (transfer.upload === undefined) {
      this.#end(this.#owner.write(transfer.encoded.laterBody!));
      return;
    }
    const piece = transfer.firstPiece;
    transfer.firstPiece = undefined;
    if (transfer.sourceEnded) this.#endBody();
    else if (piece === undefined) this.#ask();
    else this.#sendPiece(piece);
  }

  #endBody(): void {
    const { upload, sentBytes } = this.#transfer!;
    const { length } = upload!.body;
    if (length === -1) this.#end(this.#owner.write(LAST_CHUNK));
    else if (sentBytes === length) this.#end(true);
    else this.#failLength();
  }

  /** Each piece is a chunk of its own, and a copy: the source may use its buffer again. */
  #sendPiece(piece: Uint8Array): void {
    const transfer = this.#transfer!;
    const { length } = transfer.upload!.body;
    if (length !== -1 && transfer.sentBytes + piece.length > length) {
      this.#failLength();
      return;
    }
    transfer.sentBytes += piece.length;
    const taken = this.#owner.write(length === -1 ? encodeChunk(piece) : copyBytes(piece, 0, piece.length));
    if (taken) this.#ask();
    else this.#transition(WRITING);
  }

  #ask(): void {
    if (this.#state !== AWAITING_BODY) this.#transition(AWAITING_BODY);
    this.#askAgain();
  }

  #askAgain(): void {
    const transfer = this.#transfer!;
    if (transfer.asked) return;
    transfer.asked = true;
    transfer.pieces += 1;
    const upload = transfer.upload!;
    if (transfer.pieces % PIECES_A_TURN !== 0) upload.next(this);
    else transfer.turn = this.#owner.clock.setTimer(0, () => upload.next(this));
  }

  /** The last byte was given to the socket. */
  #end(taken: boolean): void {
    if (this.#is(CLOSED)) return;
    if (taken) {
      this.#finish();
      return;
    }
    this.#transfer!.ended = true;
    this.#transition(WRITING);
  }

  #finish(): void {
    if (this.#state !== AWAITING_REQUEST) this.#transition(AWAITING_REQUEST); // the socket may take head and body at once
    this.#forget();
    this.#owner.written();
  }

  #forget(): void {
    this.#transfer?.timer?.clear();
    this.#transfer?.turn?.clear();
    this.#transfer = undefined;
  }

  /** Go: "http: ContentLength=%d with Body length %d". */
  #failLength(): void {
    const text = `the request body does not have the ${this.#transfer!.upload!.body.length} bytes of its contentLength`;
    this.#owner.writeFailed(new TransportError(text, { code: "bodyLength", side: "local", phase: "write" }));
  }

  /** Asked where a call may have moved the state behind the type checker's back. */
  #is(state: number): boolean {
    return this.#state === state;
  }

  #transition(to: number): void {
    if ((WRITE_LOOP_MOVES[this.#state]! & (1 << to)) === 0) {
      throw new Error(`write loop: ${WRITE_LOOP_STATES[this.#state]} → ${WRITE_LOOP_STATES[to]} is no move`);
    }
    this.#state = to;
  }
}

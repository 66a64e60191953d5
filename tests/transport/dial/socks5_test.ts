import assert from "node:assert/strict";
import test from "node:test";
import { Socks5Handshake } from "../../../lib/transport/dial/socks5.ts";

interface Target {
  readonly host?: string;
  readonly port?: number;
  readonly username?: string;
  readonly password?: string;
}

interface Case extends Target {
  readonly name: string;
  /** What the proxy answers, one entry per message of ours. */
  readonly answers: readonly (readonly number[])[];
  /** What we say: `begin()` and what `receive` gave. */
  readonly sent: readonly (readonly number[])[];
  /** Code and end of the message; undefined: it succeeds. */
  readonly error?: readonly [code: string, text: string];
}

const bytes = (text: string) => [...new TextEncoder().encode(text)];
const HELLO = [5, 1, 0];
const HELLO_WITH_LOGIN = [5, 2, 0, 2];
const LOGIN = [1, 4, ...bytes("user"), 4, ...bytes("pass")];
const REQUEST = [5, 1, 0, 3, 11, ...bytes("example.com"), 0x01, 0xbb];
const GRANTED = [5, 0, 0, 1, 10, 0, 0, 1, 0x04, 0x38];
const USER = { username: "user", password: "pass" };

const CASES: readonly Case[] = [
  { name: "no authentication", answers: [[5, 0], GRANTED], sent: [HELLO, REQUEST] },
  {
    name: "user and password",
    ...USER,
    answers: [[5, 2], [1, 0], GRANTED],
    sent: [HELLO_WITH_LOGIN, LOGIN, REQUEST],
  },
  {
    name: "a login on offer that the proxy does not ask for",
    ...USER,
    answers: [[5, 0], GRANTED],
    sent: [HELLO_WITH_LOGIN, REQUEST],
  },
  {
    name: "a user without a password",
    username: "user",
    answers: [[5, 2], [1, 0], GRANTED],
    sent: [HELLO_WITH_LOGIN, [1, 4, ...bytes("user"), 0], REQUEST],
  },
  {
    name: "a user that is not ASCII",
    username: "é",
    password: "ü",
    answers: [[5, 2], [1, 0], GRANTED],
    sent: [HELLO_WITH_LOGIN, [1, 2, 0xc3, 0xa9, 2, 0xc3, 0xbc], REQUEST],
  },
  {
    name: "an IPv4 target",
    host: "127.0.0.1",
    port: 8080,
    answers: [[5, 0], GRANTED],
    sent: [HELLO, [5, 1, 0, 1, 127, 0, 0, 1, 0x1f, 0x90]],
  },
  {
    name: "an IPv6 target",
    host: "2001:db8::1",
    port: 80,
    answers: [[5, 0], GRANTED],
    sent: [HELLO, [5, 1, 0, 4, 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 80]],
  },
  {
    name: "a bound IPv6 address",
    answers: [[5, 0], [5, 0, 0, 4, ...new Array<number>(16).fill(1), 0, 80]],
    sent: [HELLO, REQUEST],
  },
  {
    name: "a bound name",
    answers: [[5, 0], [5, 0, 0, 3, 4, ...bytes("host"), 0, 80]],
    sent: [HELLO, REQUEST],
  },
  {
    name: "a bound name of no bytes",
    answers: [[5, 0], [5, 0, 0, 3, 0, 0, 80]],
    sent: [HELLO, REQUEST],
  },
  {
    name: "no method suits the proxy",
    answers: [[5, 0xff]],
    sent: [HELLO],
    error: ["socksNoAcceptableMethods", "no acceptable authentication methods"],
  },
  {
    name: "a wrong password",
    ...USER,
    answers: [[5, 2], [1, 1]],
    sent: [HELLO_WITH_LOGIN, LOGIN],
    error: ["socksAuthFailed", "username/password authentication failed"],
  },
  {
    name: "a method that was not on offer",
    answers: [[5, 2]],
    sent: [HELLO],
    error: ["socksMalformed", "unsupported authentication method 2"],
  },
  {
    name: "GSSAPI",
    ...USER,
    answers: [[5, 1]],
    sent: [HELLO_WITH_LOGIN],
    error: ["socksMalformed", "unsupported authentication method 1"],
  },
  {
    name: "a proxy of SOCKS 4",
    answers: [[0, 0x5b]],
    sent: [HELLO],
    error: ["socksMalformed", "unexpected protocol version 0"],
  },
  {
    name: "a server of HTTP",
    answers: [bytes("HTTP/1.1 400 Bad Request\r\n\r\n")],
    sent: [HELLO],
    error: ["socksMalformed", "unexpected protocol version 72"],
  },
  {
    name: "a wrong version of the login's verdict",
    ...USER,
    answers: [[5, 2], [5, 0]],
    sent: [HELLO_WITH_LOGIN, LOGIN],
    error: ["socksMalformed", "invalid username/password version"],
  },
  {
    name: "a wrong version in the reply",
    answers: [[5, 0], [4, 0, 0, 1]],
    sent: [HELLO, REQUEST],
    error: ["socksMalformed", "unexpected protocol version 4"],
  },
  {
    name: "a reserved byte that is not zero",
    answers: [[5, 0], [5, 0, 1, 1]],
    sent: [HELLO, REQUEST],
    error: ["socksMalformed", "non-zero reserved field"],
  },
  {
    name: "an unknown type of address",
    answers: [[5, 0], [5, 0, 0, 2, 0]],
    sent: [HELLO, REQUEST],
    error: ["socksMalformed", "unknown address type 2"],
  },
  ...[
    "general SOCKS server failure",
    "connection not allowed by ruleset",
    "network unreachable",
    "host unreachable",
    "connection refused",
    "TTL expired",
    "command not supported",
    "address type not supported",
    "unknown code: 9",
  ].map((text, i): Case => ({
    name: `reply ${i + 1}`,
    answers: [[5, 0], [5, i + 1, 0, 1, 0, 0, 0, 0, 0, 0]],
    sent: [HELLO, REQUEST],
    error: ["socksRefused", text],
  })),
];

function open({ host = "example.com", port = 443, username = "", password = "" }: Target): Socks5Handshake {
  return new Socks5Handshake(host, port, username, password);
}

/** Plays a case; `cut` says in which pieces an answer arrives. */
function play(each: Case, cut: (answer: Uint8Array) => Uint8Array[]) {
  const handshake = open(each);
  const sent: number[][] = [[...handshake.begin()]];
  let last: Uint8Array | "done" | "more" = "more";
  for (const answer of each.answers) {
    for (const piece of cut(Uint8Array.from(answer))) {
      assert.notEqual(last, "done");
      last = handshake.receive(piece);
      if (last instanceof Uint8Array) sent.push([...last]);
    }
  }
  return { sent, last };
}

const CUTS: readonly [string, (answer: Uint8Array) => Uint8Array[]][] = [
  ["whole", (answer) => [answer]],
  ["byte by byte", (answer) => [...answer].map((byte) => Uint8Array.of(byte))],
  ["with empty pieces", (answer) => [new Uint8Array(0), answer.subarray(0, 1), new Uint8Array(0), answer.subarray(1)]],
];

for (const [how, cut] of CUTS) {
  test(`socks5: every case, ${how}`, () => {
    for (const each of CASES) {
      if (each.error !== undefined) {
        const [code, text] = each.error;
        assert.throws(
          () => play(each, cut),
          {
            name: "TransportError",
            phase: "proxy",
            side: "remote",
            code,
            message: `socks connect example.com:443: ${text}`,
          },
          each.name,
        );
        continue;
      }
      const { sent, last } = play(each, cut);
      assert.deepEqual(sent, each.sent, each.name);
      assert.equal(last, "done", each.name);
    }
  });
}

test("socks5: bytes behind the reply, which nobody asked for, break the protocol", () => {
  for (const each of CASES.filter((each) => each.error === undefined)) {
    const trailing = [...each.answers.slice(0, -1), [...each.answers.at(-1)!, 1]];
    assert.throws(() => play({ ...each, answers: trailing }, (answer) => [answer]), {
      code: "socksMalformed",
      side: "remote",
      message: /unexpected bytes after an answer$/,
    }, each.name);
  }
});

test("socks5: a proxy that speaks before its turn breaks the protocol", () => {
  const expected = { code: "socksMalformed", side: "remote", message: /unexpected bytes after an answer$/ };
  assert.throws(() => open({}).receive(Uint8Array.of(5, 0, ...GRANTED)), expected);
  const handshake = open(USER);
  handshake.receive(Uint8Array.of(5, 2));
  assert.throws(() => handshake.receive(Uint8Array.of(1, 0, 5)), expected);
});

test("socks5: user and password have 255 bytes at most, and a user one at least", () => {
  const long = "x".repeat(255);
  const { sent } = play(
    { name: "long", username: long, password: long, answers: [[5, 2], [1, 0]], sent: [] },
    (answer) => [answer],
  );
  assert.deepEqual(sent[1], [1, 255, ...bytes(long), 255, ...bytes(long)]);
  for (const [username, password] of [[`${long}x`, "p"], ["u", `${long}x`], ["é".repeat(128), "p"], ["", "p"]]) {
    assert.throws(
      () => open({ username: username!, password: password! }),
      (error: Error & { code?: string; side?: string; phase?: string }) =>
        error.code === "socksBadCredentials" && error.side === "local" && error.phase === "proxy" &&
        error.message === "socks connect example.com:443: invalid username/password",
    );
  }
});

test("socks5: a name has 255 bytes at most, and one at least", () => {
  const longest = "x".repeat(255);
  const { sent } = play({ name: "", host: longest, answers: [[5, 0]], sent: [] }, (answer) => [answer]);
  assert.deepEqual(sent[1], [5, 1, 0, 3, 255, ...bytes(longest), 0x01, 0xbb]);
  for (const host of [`${longest}x`, ""]) {
    assert.throws(() => open({ host }), { code: "socksBadTarget", side: "local", phase: "proxy" });
  }
});

test("socks5: an error names an IPv6 target in brackets", () => {
  assert.throws(() => open({ host: "::1", port: 80 }).receive(Uint8Array.of(4)), {
    message: "socks connect [::1]:80: unexpected protocol version 4",
  });
});

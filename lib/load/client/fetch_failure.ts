// What a rejected `fetch` says of its reason, under codes that reports can group by. The runtimes say it in three ways:
// Node's error has a cause with a code, its socket's or undici's; Bun's has a code itself; Deno's cause has nothing but a
// message, which is Rust's.

import { codeOfErrno } from "../../socket/os_error.ts";
import type { Failure } from "../driver/attempt.ts";

/** Which codes are a dial's, before there is a response. */
const DIAL_CODES = new Set([
  "EADDRNOTAVAIL",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "EMFILE",
  "ENETUNREACH",
  "ENFILE",
  "ENOTFOUND",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Where a runtime has a name of its own, or only a message, for what has a common one. */
const CODE_OF_MESSAGE: readonly (readonly [RegExp, code: string])[] = [
  [/^other side closed$|connection closed before message completed/, "closed"],
  [/\bdns error\b/, "ENOTFOUND"],
  [/^bad port$|Requests to port \d+ are blocked/, "badPort"],
];

/** `phase`: how far the call had come as far as its caller can know, "head" or "body". */
export function failureOf(error: unknown, phase: "head" | "body"): Failure {
  const root = rootOf(error);
  const message = root instanceof Error ? root.message : String(root);
  const code = codeOf(root, message);
  if (phase === "body") return { phase, code, message };
  if (/invalid peer certificate|CERT|SIGNATURE|^ERR_(?:TLS|SSL)/.test(`${code} ${message}`)) {
    return { phase: "tls", code, message };
  }
  return { phase: DIAL_CODES.has(code) || message.includes("client error (Connect)") ? "dial" : phase, code, message };
}

/** The innermost cause: what is around it says "fetch failed". */
function rootOf(error: unknown): unknown {
  let root = error;
  for (let depth = 0; depth < 4 && root instanceof Error && root.cause !== undefined; depth++) root = root.cause;
  return root;
}

function codeOf(root: unknown, message: string): string {
  const known = CODE_OF_MESSAGE.find(([pattern]) => pattern.test(message));
  if (known !== undefined) return known[1];
  const { code } = root as { readonly code?: unknown };
  if (typeof code === "string" && code !== "") return code;
  const [, errno] = message.match(/\(os error (\d+)\)/) ?? [];
  const [, certificate] = message.match(/invalid peer certificate: (?:Other\(OtherError\()?(\w+)/) ?? [];
  return (errno && codeOfErrno(Number(errno))) ?? certificate ?? "failed";
}

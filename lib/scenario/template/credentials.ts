// Whom a request says it comes from: `user`, or what its URL has in front of the host, as the Authorization field that curl
// and Go's Client make of it. A URL goes out without.

import { basicAuthorization } from "../../core/basic_authorization.ts";
import { type CompiledText, isConstant } from "./compiled_text.ts";

type Headers = readonly (readonly [name: string, value: CompiledText])[];

/** The URL without its userinfo, and the headers with what that says, unless they or `user` say otherwise. `user` is empty if there is none. */
export function withCredentials(
  url: CompiledText,
  headers: Headers,
  user: CompiledText,
): { readonly url: CompiledText; readonly headers: Headers } {
  const [origin, ...rest] = url as readonly [string, ...CompiledText];
  const [, scheme, userinfo, behind] = /^(https?:\/\/)(?:([^/?#]*)@)?(.*)$/is.exec(origin)!;
  const bare: CompiledText = [scheme! + behind!, ...rest];
  if (headers.some(([name]) => name.toLowerCase() === "authorization")) return { url: bare, headers };
  const value = user.length > 0 ? authorizationOf(user) : userinfo === undefined ? undefined : [ofUserinfo(userinfo)];
  return { url: bare, headers: value === undefined ? headers : [...headers, ["Authorization", value]] };
}

function authorizationOf(user: CompiledText): CompiledText {
  if (isConstant(user)) return [basicAuthorization(user.join(""))];
  return [
    (iteration) => basicAuthorization(user.map((part) => typeof part === "string" ? part : part(iteration)).join("")),
  ];
}

function ofUserinfo(userinfo: string): string {
  const [, name, password = ""] = /^([^:]*)(?::(.*))?$/s.exec(userinfo)!;
  return basicAuthorization(`${decoded(name!)}:${decoded(password)}`);
}

/** A `%` that escapes nothing stands for itself. */
function decoded(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

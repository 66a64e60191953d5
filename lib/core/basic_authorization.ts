import { decodeLatin1 } from "./bytes.ts";

const ENCODER = new TextEncoder();

/** The value of an Authorization or Proxy-Authorization field for "name:password": RFC 7617, in UTF-8. */
export function basicAuthorization(credentials: string): string {
  return `Basic ${btoa(decodeLatin1(ENCODER.encode(credentials)))}`;
}

// Certificates and keys in PEM (RFC 7468), checked before a run would stumble over them.

import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Pems } from "../../lib/load/run_inputs.ts";
import type { TlsPlan } from "../../lib/scenario/plan.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import type { InputFiles } from "./input_files.ts";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[^]*?-----END (?:[A-Z]+ )?PRIVATE KEY-----/;

/**
 * Reads the files that a plan names: the one place where key material comes in. Throws a `UsageError` whose field is a
 * path into the scenario ("tls.cacert") for a wrong file: a run would notice only at its first connection, and
 * not on every runtime.
 */
export function readPems({ cacert, cert, key }: TlsPlan, files: InputFiles): Pems {
  if (cert !== undefined && key === undefined) throw UsageError.needs("tls.cert", ["tls.key"]);
  if (key !== undefined && cert === undefined) throw UsageError.needs("tls.key", ["tls.cert"]);
  const ca = cacert === undefined ? undefined : certificatesIn("tls.cacert", cacert, files);
  if (cert === undefined || key === undefined) return { ca };
  const chain = certificatesIn("tls.cert", cert, files);
  const keyBlock = keyIn("tls.key", key, files);
  if (!new X509Certificate(chain[0]!).checkPrivateKey(createPrivateKey(keyBlock))) {
    throw UsageError.expected("tls.key", `the private key of the certificate in ${cert}`, key);
  }
  return { ca, cert: chain.join("\n"), key: keyBlock };
}

/** The certificates in a file, one or more; what stands between them is dropped. */
function certificatesIn(field: string, path: string, files: InputFiles): readonly string[] {
  const blocks = textOf(files.bytes(field, path)).match(CERTIFICATE) ?? [];
  if (blocks.length === 0 || !blocks.every(isCertificate)) {
    throw UsageError.expected(field, "a file of certificates in PEM", path);
  }
  return blocks;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

/** The private key in a file, which may hold its certificate as well. */
function keyIn(field: string, path: string, files: InputFiles): string {
  const block = textOf(files.bytes(field, path)).match(PRIVATE_KEY)?.[0] ?? "";
  if (block.includes("ENCRYPTED")) throw UsageError.expected(field, "a private key without a passphrase", path);
  if (!isPrivateKey(block)) throw UsageError.expected(field, "a file with a private key in PEM", path);
  return block;
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).type === "private";
  } catch {
    return false;
  }
}

/** PEM is ASCII, but what stands around it may be anything (RFC 7468 §2). */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Pems } from "../../lib/load/run.ts";
import type { TlsPlan } from "../../lib/scenario/plan.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[^]*?-----END (?:[A-Z]+ )?PRIVATE KEY-----/;

/**
 * Reads the files that a plan names: the one place where key material comes in. Throws a `UsageError` whose field is a
 * path into the scenario ("tls.cacert") for a file that is not what it should be: a run would say so only with its first
 * connection, and not under every runtime.
 */
export function readPems({ cacert, cert, key }: TlsPlan): Pems {
  if (cert !== undefined && key === undefined) throw new UsageError("tls.cert", "expected tls.key beside it");
  if (key !== undefined && cert === undefined) throw new UsageError("tls.key", "expected tls.cert beside it");
  const ca = cacert === undefined ? undefined : certificatesIn("tls.cacert", cacert);
  if (cert === undefined || key === undefined) return { ca };
  const chain = certificatesIn("tls.cert", cert);
  const keyBlock = keyIn("tls.key", key);
  if (!new X509Certificate(chain[0]!).checkPrivateKey(createPrivateKey(keyBlock))) {
    throw UsageError.expected("tls.key", `the private key of the certificate in ${cert}`, key);
  }
  return { ca, cert: chain.join("\n"), key: keyBlock };
}

/** The certificates in a file, one or more; what stands between them is dropped. */
function certificatesIn(field: string, path: string): readonly string[] {
  const blocks = readText(field, path).match(CERTIFICATE) ?? [];
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
function keyIn(field: string, path: string): string {
  const block = readText(field, path).match(PRIVATE_KEY)?.[0] ?? "";
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

function readText(field: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw UsageError.expected(field, "a file that can be read", path);
  }
}

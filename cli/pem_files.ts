import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Pems } from "../lib/load/run.ts";
import type { TlsPlan } from "../lib/scenario/plan.ts";
import { UsageError } from "../lib/scenario/usage_error.ts";

const CERTIFICATE = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]*-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

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
  const keyText = readText("tls.key", key);
  if (!new X509Certificate(chain[0]!).checkPrivateKey(privateKeyOf(keyText, key))) {
    throw UsageError.expected("tls.key", `the private key of the certificate in ${cert}`, key);
  }
  return { ca, cert: chain.join("\n"), key: keyText };
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

function privateKeyOf(text: string, path: string): KeyObject {
  if (/^(?:-----BEGIN ENCRYPTED |Proc-Type: 4,ENCRYPTED)/m.test(text)) {
    throw UsageError.expected("tls.key", "a private key without a passphrase", path);
  }
  try {
    return createPrivateKey(text);
  } catch {
    throw UsageError.expected("tls.key", "a file with a private key in PEM", path);
  }
}

function readText(field: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw UsageError.expected(field, "a file that can be read", path);
  }
}

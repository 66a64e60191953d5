// Certificates for tests, made in memory: one authority per process, and what it signs. ECDSA P-256 throughout.

import type { ExtendedKeyUsage, Extension, X509Certificate } from "@peculiar/x509";
import { webcrypto } from "node:crypto";
import { isIP } from "node:net";
import "./reflect_metadata.ts";

// Not a static import: Bun runs CommonJS modules before the ES modules beside them, and so before the one above.
const x509 = await import("@peculiar/x509");
x509.cryptoProvider.set(webcrypto);

const KEYS = { name: "ECDSA", namedCurve: "P-256" } as const;
const DAY_MS = 24 * 60 * 60 * 1000;

/** A certificate and its private key, both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

interface Wish {
  readonly subject: string;
  readonly usage: ExtendedKeyUsage;
  /** Names and IP addresses of a server; none for a client. */
  readonly names?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** An authority that nobody knows: only `ca`, given as such, makes what it signed trustworthy. */
export class Authority {
  /** The authority's own certificate, PEM. */
  readonly ca: string;
  readonly #certificate: X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;
  readonly #made = new Map<string, Promise<Certificate>>();

  private constructor(certificate: X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.ca = certificate.toString("pem");
    this.#certificate = certificate;
    this.#keys = keys;
  }

  static async create(name: string): Promise<Authority> {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      ...contentsOf({ subject: name }),
      name: `CN=${name}`,
      keys: keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new Authority(certificate, keys);
  }

  /** For a server with these names and IP addresses. */
  server(...names: string[]): Promise<Certificate> {
    return this.#sign({ subject: names[0]!, usage: x509.ExtendedKeyUsage.serverAuth, names });
  }

  /** As `server`, but out of date since yesterday. */
  expired(...names: string[]): Promise<Certificate> {
    const past = { notBefore: new Date(Date.now() - 30 * DAY_MS), notAfter: new Date(Date.now() - DAY_MS) };
    return this.#sign({ subject: names[0]!, usage: x509.ExtendedKeyUsage.serverAuth, names, ...past });
  }

  /** For a client that calls itself so. */
  client(name: string): Promise<Certificate> {
    return this.#sign({ subject: name, usage: x509.ExtendedKeyUsage.clientAuth });
  }

  #sign(wish: Wish): Promise<Certificate> {
    const id = JSON.stringify(wish.notAfter === undefined ? wish : { ...wish, notBefore: 0, notAfter: 0 });
    let made = this.#made.get(id);
    if (made === undefined) this.#made.set(id, made = this.#make(wish));
    return made;
  }

  async #make(wish: Wish): Promise<Certificate> {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      ...contentsOf(wish),
      issuer: this.#certificate.subject,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      extensions: [
        ...extensionsOf(wish),
        await x509.AuthorityKeyIdentifierExtension.create(this.#keys.publicKey),
      ],
    });
    return { cert: certificate.toString("pem"), key: await pemOf(keys.privateKey) };
  }
}

let shared: Promise<Authority> | undefined;

/** The authority of this process. */
export function authority(): Promise<Authority> {
  return shared ??= Authority.create("loadgen test authority");
}

/** For a server with these names and IP addresses, signed by nobody but itself. */
export async function selfSigned(...names: string[]): Promise<Certificate> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...contentsOf({ subject: names[0]! }),
    name: `CN=${names[0]}`,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true), namesOf(names)],
  });
  return { cert: certificate.toString("pem"), key: await pemOf(keys.privateKey) };
}

function contentsOf({ subject, notBefore, notAfter }: Omit<Wish, "usage">) {
  return {
    subject: `CN=${subject}`,
    serialNumber: serialNumber(),
    notBefore: notBefore ?? new Date(Date.now() - DAY_MS),
    notAfter: notAfter ?? new Date(Date.now() + 365 * DAY_MS),
    signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
  };
}

function extensionsOf({ usage, names }: Wish): Extension[] {
  const extensions: Extension[] = [
    new x509.BasicConstraintsExtension(false),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([usage]),
  ];
  if (names !== undefined) extensions.push(namesOf(names));
  return extensions;
}

function namesOf(names: readonly string[]): Extension {
  const general = names.map((name) => ({ type: isIP(name) === 0 ? "dns" as const : "ip" as const, value: name }));
  return new x509.SubjectAlternativeNameExtension(general);
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEYS, true, ["sign", "verify"]) as Promise<webcrypto.CryptoKeyPair>;
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

/** 63 random bits: positive, and never twice from one authority (RFC 5280 §4.1.2.2). */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(8));
  bytes[0]! &= 0x7f;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

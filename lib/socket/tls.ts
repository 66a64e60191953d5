/** One or several PEM blocks, as text or as bytes. */
export type Pem = string | Uint8Array;

/**
 * Whom to trust, and who one is. Connections that are given the same object share what is made of it: reading the PEMs
 * takes longer than many a handshake.
 */
export interface TlsCredentials {
  /** Whom to trust; undefined: the runtime's own roots. */
  readonly ca?: Pem | readonly Pem[] | undefined;
  /** The client's certificate, with its key and the key's passphrase. */
  readonly cert?: Pem | undefined;
  readonly key?: Pem | undefined;
  readonly passphrase?: string | undefined;
}

/** What a handshake is asked for. Without `insecure` the server's certificate is verified, on every path. */
export interface TlsSettings {
  /** For SNI and for verification; an IP address is verified but not sent as SNI (RFC 6066 §3). */
  readonly servername: string;
  readonly credentials?: TlsCredentials | undefined;
  /** Accept any certificate. */
  readonly insecure?: boolean | undefined;
  /** In the order of preference (RFC 7301). */
  readonly alpnProtocols?: readonly string[] | undefined;
}

/** What a handshake came to. */
export interface TlsState {
  /** "TLSv1.3" */
  readonly protocol: string;
  /** "TLS_AES_128_GCM_SHA256" */
  readonly cipher: string;
  /** What the server picked; undefined where it picked none. */
  readonly alpnProtocol: string | undefined;
  readonly servername: string;
  readonly resumed: boolean;
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { authority } from "../support/certificates.ts";
import { DebianService } from "../support/debian_service.ts";

/** About 300 KiB that gzip makes small. */
export const LARGE_TEXT = "The quick brown fox jumps over the lazy dog.\n".repeat(7000);

/** What chunked.shtml becomes. */
export const CHUNKED_TEXT = "a line that an include leaves as it is\n".repeat(100);

/** Small enough to be drained (262,144 bytes at most), and not. */
export const DRAINABLE_BYTES = 100 * 1024;
export const LARGE_BYTES = 1024 * 1024;

/**
 * nginx with one `https:` port and two `http:` ports that serve the same:
 *
 *     /large.txt      gzip where it is accepted
 *     /drainable.bin  DRAINABLE_BYTES, and /large.bin LARGE_BYTES, never gzip
 *     /chunked.shtml  passes the SSI filter, which takes the length away
 *     /port           the number of the port that the request came in on
 *     /client         whether the client's certificate is good, and its subject
 *     /store/NAME     takes PUT, gives GET
 *
 * Each response says in X-Connection which connection of nginx it came over.
 */
export class Nginx implements AsyncDisposable {
  readonly ca: string;
  readonly https: string;
  readonly http: readonly [string, string];
  readonly httpsPort: number;
  readonly #service: DebianService;

  private constructor(service: DebianService, ca: string) {
    const [tls, first, second] = service.ports as [number, number, number];
    this.ca = ca;
    this.httpsPort = tls;
    this.https = `https://127.0.0.1:${tls}`;
    this.http = [`http://127.0.0.1:${first}`, `http://127.0.0.1:${second}`];
    this.#service = service;
  }

  static async start(): Promise<Nginx> {
    const { ca, ...identity } = await credentials();
    const service = await DebianService.start({
      binary: "nginx",
      package: "nginx-light",
      ports: 3,
      configure(directory, ports) {
        writeSite(join(directory, "site"));
        writeFileSync(join(directory, "ca.pem"), ca);
        writeFileSync(join(directory, "cert.pem"), identity.cert);
        writeFileSync(join(directory, "key.pem"), identity.key);
        writeFileSync(join(directory, "nginx.conf"), configuration(ports));
        // -e: before it reads its configuration it would open /var/log/nginx.
        return ["-p", directory, "-c", join(directory, "nginx.conf"), "-e", "stderr"];
      },
    });
    return new Nginx(service, ca);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#service[Symbol.asyncDispose]();
  }
}

async function credentials() {
  const issuer = await authority();
  // 0.0.0.0 reaches this machine, too, and is no loopback address: the environment's proxy is used for it.
  return { ca: issuer.ca, ...await issuer.server("localhost", "127.0.0.1", "0.0.0.0") };
}

function writeSite(site: string): void {
  mkdirSync(join(site, "store"), { recursive: true, mode: 0o755 });
  writeFileSync(join(site, "large.txt"), LARGE_TEXT);
  writeFileSync(join(site, "chunked.shtml"), CHUNKED_TEXT);
  writeFileSync(join(site, "drainable.bin"), new Uint8Array(DRAINABLE_BYTES).fill(0x61));
  writeFileSync(join(site, "large.bin"), new Uint8Array(LARGE_BYTES).fill(0x61));
}

function configuration([tls, first, second]: readonly number[]): string {
  const locations = `
    location = /port { return 200 "$server_port"; }
    location = /client { return 200 "$ssl_client_verify $ssl_client_s_dn"; }
    location = /chunked.shtml { ssi on; }
    location /store/ { dav_methods PUT; client_max_body_size 8m; }`;
  // One process: no worker outlives it.
  return `
daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path client_body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  types { text/plain txt; text/html shtml; }
  default_type application/octet-stream;
  root site;
  gzip on;
  gzip_types text/plain;
  gzip_proxied any;
  add_header X-Connection $connection always;
  ssl_certificate cert.pem;
  ssl_certificate_key key.pem;
  ssl_client_certificate ca.pem;
  server {
    listen 127.0.0.1:${tls} ssl;
    ssl_verify_client optional;${locations}
  }
  server {
    listen 127.0.0.1:${first};
    listen 127.0.0.1:${second};${locations}
  }
}
`;
}

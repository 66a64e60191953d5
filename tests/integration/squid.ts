import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { authority } from "../support/certificates.ts";
import { DebianService } from "../support/debian_service.ts";

/** Whom squid lets in, as a URL has it: the password is `p@ss:word`. */
export const SQUID_LOGIN = "user:p%40ss%3Aword";

/** As `openssl passwd -5` gives it. */
const PASSWORD_HASH = "$5$loadgen$Vb8J8C.7LCv1HgIBv0RCy.TDZAHZha8j.j53EYv.Gx5";

/** squid keeps its clients' connections, and asks them for user and password. Its second port speaks TLS. */
export async function startSquid(): Promise<DebianService> {
  const { cert, key } = await (await authority()).server("localhost", "127.0.0.1");
  return await DebianService.start({
    binary: "squid",
    package: "squid",
    ports: 2,
    configure(directory, ports) {
      const passwords = join(directory, "passwords");
      const path = join(directory, "squid.conf");
      writeFileSync(passwords, `user:${PASSWORD_HASH}\n`);
      const identity = join(directory, "identity.pem");
      writeFileSync(identity, key + "\n" + cert);
      writeFileSync(path, configuration(ports, passwords, identity));
      return ["-N", "-d", "1", "-f", path];
    },
  });
}

function configuration([plain, tls]: readonly number[], passwords: string, identity: string): string {
  return `
http_port 127.0.0.1:${plain}
https_port 127.0.0.1:${tls} tls-cert=${identity}
visible_hostname localhost
pid_filename none
access_log none
cache_log /dev/null
cache deny all
pinger_enable off
auth_param basic program /usr/lib/squid/basic_ncsa_auth ${passwords}
auth_param basic children 1
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
`;
}

// A process that gets a response, does not read it, and has nothing else to do: node unread_client.js <url>

import process from "node:process";
import { Client } from "../../lib/client/client.ts";

const client = new Client({ timeoutMs: 60_000 });
const response = await client.get(process.argv[2]!);
process.stdout.write(String(response.status));

import { readdirSync, statSync } from "node:fs";

const FOLDER = "/proc/self/fd";

/**
 * How many descriptors this process has open; undefined where the system does not tell (not Linux). Since Linux 6.2 the
 * folder's size is their number, which takes 2 to 75 µs however many there are. Before, they are counted one by one: 22
 * to 70 ms for 18,000.
 */
export function openDescriptors(): number | undefined {
  try {
    return statSync(FOLDER).size || readdirSync(FOLDER).length;
  } catch {
    return undefined;
  }
}

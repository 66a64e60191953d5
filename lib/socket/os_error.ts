import { constants } from "node:os";

const CODES = new Map(Object.entries(constants.errno).map(([code, number]) => [number, code]));

/** The POSIX code of an error's number, which each system counts in its own way: "ECONNREFUSED". */
export function codeOfErrno(errno: number): string | undefined {
  return CODES.get(errno);
}

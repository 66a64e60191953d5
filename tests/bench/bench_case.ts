/** One thing to measure. */
export interface BenchCase {
  readonly name: string;
  /** On the target. */
  readonly path: string;
  readonly connections: number;
  /** False: a connection per request. */
  readonly keepAlive: boolean;
  /** What a response weighs, for the figures in MB/s. */
  readonly bodyBytes: number;
}

function keptAlive(name: string, connections: number, path: string, bodyBytes: number): BenchCase {
  return { name, path, connections, keepAlive: true, bodyBytes };
}

/** The closed-loop cases; the short form takes the first. */
export const CASES: readonly BenchCase[] = [
  keptAlive("64 connections, 12 B", 64, "/12", 12),
  keptAlive("1 connection, 12 B", 1, "/12", 12),
  keptAlive("1,000 connections, 12 B", 1000, "/12", 12),
  keptAlive("64 connections, 1 KiB", 64, "/1024", 1024),
  keptAlive("64 connections, 100 KiB", 64, "/102400", 102_400),
  keptAlive("64 connections, 100 KiB chunked", 64, "/chunked/102400", 102_400),
  keptAlive("16 connections, 10 MiB", 16, "/10485760", 10_485_760),
  keptAlive("16 connections, 10 MiB chunked", 16, "/chunked/10485760", 10_485_760),
  { name: "a connection per request, 64 at once", path: "/12", connections: 64, keepAlive: false, bodyBytes: 12 },
];

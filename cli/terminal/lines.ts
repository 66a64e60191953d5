import type { Readable } from "node:stream";

/** Calls back for each line of a stream of UTF-8 text, without its line end; a last line may lack one. */
export function eachLine(stream: Readable, onLine: (line: string) => void, onEnd?: () => void): void {
  const decoder = new TextDecoder();
  let rest = "";
  stream.on("data", (bytes: Uint8Array) => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines) onLine(line);
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
    onEnd?.();
  });
}

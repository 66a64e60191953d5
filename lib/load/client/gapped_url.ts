import type { CompiledText } from "../../scenario/template/compiled_text.ts";

/** A URL with sources in its path and query. */
export interface GappedUrl {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path and query as on the wire (WHATWG URL), but for what the sources bring. */
  readonly path: CompiledText;
}

/** Cuts a URL with sources in its path and query. One whose segment is taken back by a later `..` is gone with it. */
export function cutUrl(url: CompiledText): GappedUrl {
  const plain = urlWith(url, -1);
  const whole = pathOf(plain);
  const path: CompiledText[number][] = [];
  let from = 0;
  for (const [index, part] of url.entries()) {
    if (typeof part === "string") continue;
    // where another letter for this source makes a difference, there it stands
    const other = pathOf(urlWith(url, index));
    let at = from;
    while (at < whole.length && whole[at] === other[at]) at += 1;
    if (at === whole.length) continue;
    if (at > from) path.push(whole.slice(from, at));
    path.push(part);
    from = at + 1;
  }
  if (from < whole.length) path.push(whole.slice(from));
  return { origin: plain.origin, path };
}

/** The URL with a letter for each source, which is written as it is; with another letter for one of them. */
function urlWith(url: CompiledText, other: number): URL {
  return new URL(url.map((part, index) => typeof part === "string" ? part : index === other ? "b" : "a").join(""));
}

function pathOf({ pathname, search }: URL): string {
  return pathname + search;
}

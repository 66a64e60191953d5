// Text from elsewhere (names, reasons, file names), which could drive a terminal.

/** The text in one line, without control characters. */
export function plain(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, " ").trim();
}

/** The same with a capital letter in front: a reason is written to stand after a colon as well. */
export function sentence(text: string): string {
  const words = plain(text);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

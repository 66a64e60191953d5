// Sizes in bytes: 4096, "4096", "16KiB", "1MiB".

const UNIT_BYTES: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  KB: 1000,
  MB: 1000_000,
  KiB: 1024,
  MiB: 1024 * 1024,
};

export const SIZE_PATTERN = /^\d+(?:B|KB|MB|KiB|MiB)?$/;

/** Bytes; undefined if the text is not a size. */
export function parseSizeBytes(text: string): number | undefined {
  if (!SIZE_PATTERN.test(text)) return undefined;
  const [, amount, unit] = text.match(/^(\d+)(.*)$/)!;
  return Number(amount) * UNIT_BYTES[unit!]!;
}

/** 1536 → "1.5 KiB". */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Number((bytes / 1024).toFixed(1))} KiB`;
  return `${Number((bytes / 1024 / 1024).toFixed(1))} MiB`;
}

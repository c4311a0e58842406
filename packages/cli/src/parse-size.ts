const FACTOR: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  ...Object.fromEntries(['K', 'M', 'G', 'T', 'P'].map((prefix, power) => [`${prefix}iB`, 1024 ** (power + 1)])),
  ...Object.fromEntries(['k', 'M', 'G', 'T', 'P'].map((prefix, power) => [`${prefix}B`, 1000 ** (power + 1)])),
};

/**
 * Bytes from `4096`, `64KiB`, `1.9GiB` (powers of 1024) or `2GB` (powers of 1000); a fraction of a byte is cut off.
 * @returns `undefined` when it is none of these or above 2^53
 */
export function parseSize(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)$/.exec(text) ?? [];
  const factor = Object.hasOwn(FACTOR, unit) ? FACTOR[unit] : undefined;
  if (digits === undefined || factor === undefined) return undefined;
  const bytes = Math.trunc(Number(digits) * factor);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

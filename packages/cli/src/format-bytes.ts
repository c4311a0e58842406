const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** Bytes as a person reads them, in IEC units with one decimal: `0 B`, `1023 B`, `4.0 KiB`, `1.9 GiB`. */
export function formatBytes(bytes: number | bigint): string {
  let value = Number(bytes);
  if (Math.abs(value) < 1024) return `${Math.trunc(value)} B`;
  let unit = -1;
  // 1023.95 would be printed as 1024.0: it is one of the next unit.
  while (Math.abs(value) >= (unit < 0 ? 1024 : 1023.95) && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(1)} ${UNITS[unit]}`;
}

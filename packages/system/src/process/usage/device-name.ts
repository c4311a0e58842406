/**
 * `st_dev` as mountinfo writes a device, `MAJOR:MINOR` (makedev(3); Linux puts the low byte of the minor number first
 * and the rest above twelve bits of the major one).
 */
export function deviceName(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn);
  const minor = (device & 0xffn) | ((device >> 12n) & ~0xffn & 0xffffffffn);
  return `${major}:${minor}`;
}

/** A device as `/proc/PID/maps` writes it, hexadecimal, in the decimal form of mountinfo. */
export function parseMapsDevice(text: string): string {
  return text
    .split(':')
    .map((part) => Number.parseInt(part, 16))
    .join(':');
}

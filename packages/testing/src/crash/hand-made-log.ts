/** One entry of a log written by hand. Sectors are of 512 bytes. */
export interface HandMade {
  readonly flags?: number;
  readonly sector?: number;
  readonly sectors?: number;
  /** What every byte of the data is. */
  readonly fill?: number;
}

/** The flags of an entry, as dm-log-writes has them. */
export const [FLUSH, FUA, DISCARD, MARK] = [1, 2, 4, 8] as const;
/** Bytes of a sector of these logs. */
export const SECTOR = 512;

/** A log in the format of dm-log-writes. */
export function handMadeLog(entries: readonly HandMade[], { magic = 0x6a736677736872n, version = 1n } = {}): Buffer {
  const head = Buffer.alloc(SECTOR);
  head.writeBigUInt64LE(magic, 0);
  head.writeBigUInt64LE(version, 8);
  head.writeBigUInt64LE(BigInt(entries.length), 16);
  head.writeUInt32LE(SECTOR, 24);
  return Buffer.concat([head, ...entries.flatMap(entryOf)]);
}

function entryOf({ flags = 0, sector = 0, sectors = 0, fill }: HandMade): Buffer[] {
  const entry = Buffer.alloc(SECTOR);
  entry.writeBigUInt64LE(BigInt(sector), 0);
  entry.writeBigUInt64LE(BigInt(sectors), 8);
  entry.writeBigUInt64LE(BigInt(flags), 16);
  return fill === undefined ? [entry] : [entry, Buffer.alloc(sectors * SECTOR, fill)];
}

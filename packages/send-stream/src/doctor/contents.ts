/**
 * The files of one snapshot, as the doctor reads them: declared here, implemented by who has the snapshot on disk.
 * Paths are relative to the snapshot, one character a byte.
 */
export interface SnapshotContents {
  /** Undefined when there is nothing at `path`, or no regular file. */
  open(path: string): Promise<OpenContent | undefined>;
}

/** One regular file, open until it is disposed of. */
export interface OpenContent extends AsyncDisposable {
  /** Apparent size in bytes. */
  readonly size: number;
  /** Fills `target` with the bytes from `offset` on; gives back how many there were: fewer only at the file's end. */
  read(target: Uint8Array, offset: number): Promise<number>;
}

/** Contents are compared, and found again, in blocks of this many bytes: the sector size of Btrfs. */
export const BLOCK_BYTES = 4096;

/** Bytes that are read at once; whole blocks. */
export const READ_BYTES = 256 * BLOCK_BYTES;

/** Memory for reading a file piece by piece: no more than the file needs, for most are small. */
export function readBuffer({ size }: OpenContent): Uint8Array {
  return new Uint8Array(Math.min(size, READ_BYTES));
}

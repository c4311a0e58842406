import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Bytes, type Runner, startDecompress } from '@goldstream/system';
import { TreeError } from '../../error.ts';
import type { ArchiveSource } from '../source.ts';
import type { ArchiveLimits } from './archive-limits.ts';

/** POSIX ends an archive with two blocks of zeros; some writers leave it at one. */
const BLOCK = 512;

/**
 * The decompressed bytes of a tar archive: at most as many as allowed, and with the zeros that end an archive, because
 * one that was cut off between two members looks complete otherwise.
 * @throws TreeError `TREE_TAR_MALFORMED`, `TREE_TAR_TOO_LARGE`; SystemError when zstd fails
 */
export async function* openArchive(
  { compression, location, path }: ArchiveSource,
  file: string,
  { runner, limits }: { runner: Runner; limits: ArchiveLimits },
): Bytes & AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let zeros = 0;
  for await (const chunk of decompressed(file, compression, runner)) {
    bytes += chunk.length;
    if (bytes > limits.bytes) {
      throw new TreeError('TREE_TAR_TOO_LARGE', `${location}: ${path} unpacks to more than ${limits.bytes} bytes`);
    }
    zeros = trailingZeros(chunk, zeros);
    yield chunk;
  }
  if (zeros < BLOCK) {
    throw new TreeError('TREE_TAR_MALFORMED', `${location}: ${path} ends without a block of zeros, it was cut off`);
  }
}

async function* decompressed(
  file: string,
  compression: ArchiveSource['compression'],
  runner: Runner,
): Bytes & AsyncGenerator<Uint8Array> {
  await using handle = await open(file);
  if (compression === 'zstd') {
    const zstd = startDecompress(runner, { stdin: handle.fd, stdout: 'pipe' });
    try {
      // Present, because it was asked for.
      yield* zstd.stdout as AsyncIterable<Uint8Array>;
      await zstd.ended;
    } finally {
      zstd.kill();
    }
    return;
  }
  const raw = handle.createReadStream({ autoClose: false, highWaterMark: 1024 * 1024 });
  if (compression === 'none') {
    yield* raw;
    return;
  }
  const gunzip = createGunzip();
  // Whoever reads from it is told about a failure on either side.
  pipeline(raw, gunzip, () => {});
  yield* gunzip;
}

function trailingZeros(chunk: Uint8Array, before: number): number {
  let zeros = 0;
  while (zeros < BLOCK && zeros < chunk.length && chunk[chunk.length - 1 - zeros] === 0) zeros += 1;
  return zeros === chunk.length ? before + zeros : zeros;
}

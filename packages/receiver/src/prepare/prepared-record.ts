import * as z from 'zod';
import type { Layout } from '../host/layout.ts';
import { readRecord } from '../state/store-records.ts';

const inside = z.string().startsWith('/');

/** What `prepare` made outside the pool, for `remove`. Written before any of it is made. Paths are seen from inside the root. */
export const preparedSchema = z.object({
  /** The files of the operator: configuration and keyring, as they were written. */
  files: z.array(z.object({ path: inside, sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
  /** Directories that were missing, the outermost first. */
  directories: z.array(inside),
});

/** What `prepare` made outside the pool. */
export type Prepared = z.infer<typeof preparedSchema>;

/** A host on which nothing is known to be made. */
export const NOTHING_PREPARED: Prepared = { files: [], directories: [] };

/** What is recorded. @throws ReceiverError `HOST_BAD_RECORD` */
export async function readPrepared({ prepared }: Layout): Promise<Prepared> {
  return (await readRecord(prepared, preparedSchema)) ?? NOTHING_PREPARED;
}

/** Both together; a file that was written again is as it was written last. */
export function mergePrepared(before: Prepared, now: Prepared): Prepared {
  const files = new Map([...before.files, ...now.files].map(({ path, sha256 }) => [path, sha256]));
  return {
    files: [...files].map(([path, sha256]) => ({ path, sha256 })),
    directories: [...new Set([...before.directories, ...now.directories])],
  };
}

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Command, mountAt } from '@goldstream/system';
import { timed } from './timed.ts';
import { removeWithPools, type Workplace } from './workplace.ts';
import type { Workshop } from './workshop.ts';

/** A host root with a loopback pool of its own. */
export interface Host {
  command(...args: string[]): Command;
  /** Where versions are received. */
  readonly deploy: string;
  /** Bytes that its loop device was asked to write since it was attached. */
  writtenBytes(): Promise<number>;
  /** Unmounts it and takes its files away. */
  remove(): Promise<void>;
}

/** What the kernel counts in /sys/block/NAME/stat is in units of 512 bytes (Documentation/block/stat.rst). */
const SECTOR = 512;
const SECTORS_WRITTEN = 6;

/** A fresh host, prepared for the releases of `workshop`. */
export async function makeHost(
  { directory, receiver }: Workplace,
  { name, key, store }: Workshop,
  poolSize: string,
): Promise<Host> {
  const root = join(directory, `${name}-host`);
  const pool = join(root, 'var/lib', name);
  const command = (...args: string[]): Command => [receiver, '--root', root, '--app', name, ...args];
  await timed(['mkdir', root]);
  await timed(command('prepare', '--size', poolSize, '--key', key, '--store', store));
  const device = basename((await mountAt(pool))?.source ?? '');
  if (!device.startsWith('loop')) throw new Error(`${pool} is on ${device}, expected a loop device of its own`);
  return {
    command,
    deploy: join(pool, 'deploy'),
    writtenBytes: async () => {
      const fields = (await readFile(`/sys/block/${device}/stat`, 'utf8')).trim().split(/\s+/);
      return Number(fields[SECTORS_WRITTEN]) * SECTOR;
    },
    remove: () => removeWithPools(root),
  };
}

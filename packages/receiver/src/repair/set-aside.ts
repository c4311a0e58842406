import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Version } from '@goldstream/release';
import { findSubvolume, syncDirectory } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';

/** The copy of a version that gives its name to a fresh one. */
export interface Replaced {
  readonly uuid: string;
  /** Name in `deploy/` that it has afterwards. */
  readonly as: string;
}

/**
 * Takes its final name from a damaged copy, durably, while it is the one that was meant; who has it mounted keeps it.
 * Done already is fine.
 */
export async function setAside({ runner, layout }: Tools, version: Version, { uuid, as }: Replaced): Promise<void> {
  const path = layout.version(version);
  if ((await findSubvolume(runner, path))?.uuid !== uuid) return;
  await rename(path, join(layout.deploy, as));
  await syncDirectory(layout.deploy);
}

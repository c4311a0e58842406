import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { snapshotOfTree } from '@goldstream/testing';
import { expect } from 'vitest';
import type { Workshop } from '../workshop.ts';
import type { Outcome } from './outcome.ts';

/**
 * What others see of a workshop: whatever bears the name of a version is one, frozen as it was meant to be; and
 * everything that is published can be downloaded and checked.
 * @param expected of the workshop in which the command was not disturbed
 */
export async function demandWhole({ layout, directory, store }: Workshop, expected: Outcome): Promise<void> {
  for (const version of await namesIn(layout.snapshots)) {
    const path = join(layout.snapshots, version);
    const tree = await snapshotOfTree(path);
    const inside = path.slice(directory.length + 1);
    const lines = Object.entries(tree).map(([name, line]) => [name === '.' ? inside : `${inside}/${name}`, line]);
    expect(expected, `snapshot ${version}`).toMatchObject(Object.fromEntries(lines));
    const readOnly = await systemRunner.capture(['btrfs', 'property', 'get', '-ts', path, 'ro']);
    expect(readOnly, `snapshot ${version}`).toBe('ro=true\n');
  }
  for (const version of (await namesIn(store)).filter((name) => name.startsWith('v'))) {
    await systemRunner.run(['sha256sum', '--check', '--quiet', 'SHA256SUMS'], { cwd: join(store, version) });
  }
}

/** What is hidden is unfinished, and nobody's business. */
async function namesIn(directory: string): Promise<readonly string[]> {
  return (await readdir(directory)).filter((name) => !name.startsWith('.')).toSorted();
}

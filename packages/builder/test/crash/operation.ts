import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeWorkshop, type Workshop } from '../workshop.ts';

/** A command that changes a builder or a store. */
export interface Operation {
  readonly name: string;
  readonly command: readonly string[];
  /** Kills within each step, beside its beginning. */
  readonly within: number;
}

/** Everything that changes a builder or a store. A command that is new here is killed at every step that it has. */
export const OPERATIONS: readonly Operation[] = [
  { name: 'golden update', command: ['golden', 'update'], within: 1 },
  { name: 'snapshot', command: ['snapshot', 'v1.2.0'], within: 4 },
  { name: 'send', command: ['send', 'v1.1.0', '--full', '--parent', 'v1.0.0'], within: 2 },
  { name: 'release', command: ['release', 'v1.1.0'], within: 2 },
  { name: 'channel set, of a channel that is there', command: ['channel', 'set', 'edge', 'v1.0.0'], within: 4 },
  { name: 'channel promote, to a channel that is new', command: ['channel', 'promote', 'edge', 'stable'], within: 4 },
];

/**
 * Makes a workshop in which each of the operations has something to do: v1.0.0 is released and current in a channel,
 * v1.1.0 is frozen and is what golden is, and the recipe has gone on.
 */
export async function makeBusyWorkshop(directory: string): Promise<void> {
  const shop = await makeWorkshop(directory, 'level: 1\n');
  await shop.do('init');
  await shop.do('keys', 'create');
  await shop.write('stage-1/share/gone', 'gone\n');
  await freeze(shop, 'v1.0.0');
  await shop.do('release', 'v1.0.0');
  await shop.do('channel', 'set', 'edge', 'v1.0.0');
  await shop.write('stage-1/bin/shop', '#!/bin/sh\necho 1.1.0\n');
  await freeze(shop, 'v1.1.0');
  await shop.write('stage-1/bin/shop', '#!/bin/sh\necho 1.2.0\n');
  await shop.write('stage-1/lib/new/file', 'new\n');
  await rm(join(shop.recipe, 'stage-1/share'), { recursive: true });
  await chmod(join(shop.recipe, 'stage-1/manifest.yaml'), 0o600);
}

async function freeze(shop: Workshop, version: string): Promise<void> {
  await shop.do('golden', 'update');
  await shop.do('snapshot', version);
}

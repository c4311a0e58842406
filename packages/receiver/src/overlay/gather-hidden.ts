import type { Version } from '@goldstream/release';
import type { HostFacts } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { type Hidden, hiddenByUpper } from './hidden-by-upper.ts';
import { readLayer } from './read-layer.ts';

/** What a received version brings and the active deployment's writable layer would hide. Changes nothing. */
export async function gatherHidden(
  { runner, layout }: Pick<Tools, 'runner' | 'layout'>,
  { active, present }: HostFacts,
  version: Version,
): Promise<readonly Hidden[]> {
  if (active === undefined || active.version === version || !present.includes(active.version)) return [];
  const layer = await readLayer(runner, layout.deployment(active.number).upper);
  return hiddenByUpper(layer, { oldVersion: layout.version(active.version), newVersion: layout.version(version) });
}

import { ReceiverError } from '../error.ts';
import { gatherHost, type HostFacts } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import type { DeploymentRecord } from '../state/records.ts';
import { type Edit, findEdits } from './find-edits.ts';
import type { Layer } from './layer.ts';
import { readLayer } from './read-layer.ts';

/** The active deployment and what was edited in it. */
export interface ActiveEdits {
  readonly host: HostFacts;
  readonly active: DeploymentRecord;
  readonly layer: Layer;
  /** Absolute paths of the layer and of the version below it. */
  readonly upper: string;
  readonly version: string;
  readonly edits: readonly Edit[];
}

/** Looks at the active deployment's writable layer. @throws ReceiverError `DEPLOY_NOTHING_ACTIVE` */
export async function gatherActiveEdits({ runner, layout }: Pick<Tools, 'runner' | 'layout'>): Promise<ActiveEdits> {
  const host = await gatherHost(layout);
  const { active } = host;
  if (active === undefined) {
    throw new ReceiverError('DEPLOY_NOTHING_ACTIVE', 'nothing is deployed, so nothing can have been edited');
  }
  const { upper } = layout.deployment(active.number);
  const version = layout.version(active.version);
  const layer = await readLayer(runner, upper);
  return { host, active, layer, upper, version, edits: await findEdits(layer, version) };
}

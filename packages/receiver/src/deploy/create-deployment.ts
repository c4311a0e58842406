import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { writeFarm } from '../integrate/write-farm.ts';
import { createPersists } from '../persist/create-persist.ts';
import { continueUpper, createUpper } from './overlay.ts';
import { recordDeployment } from './record-deployment.ts';
import type { CreateDeployment } from './step.ts';

/**
 * Makes everything of a deployment that nobody uses yet. The record comes first: what is found without being active or
 * good is `prune`'s to take away. The mount point is made immutable, so that nothing is written into it unmounted.
 */
export async function createDeployment(
  tools: Tools,
  { record, farm, upper, persist = [] }: CreateDeployment,
): Promise<void> {
  const { layout, runner } = tools;
  const paths = layout.deployment(record.number);
  tools.audit.specify({ deployment: record.number });
  await recordDeployment(tools, record);
  await mkdir(paths.root, { recursive: true });
  await Promise.all([runner.run(['chattr', '+i', paths.root]), writeFarm(paths.links, farm)]);
  await syncDirectory(dirname(paths.live));
  await createPersists(tools, record.version, persist);
  if (upper.kind === 'empty') await createUpper(tools, paths.overlay);
  if (upper.kind === 'continued' || upper.kind === 'provisional') {
    const made = upper.kind === 'continued' ? paths.overlay : paths.provisional;
    await continueUpper(tools, layout.deployment(upper.of).overlay, made, upper.drops);
  }
}

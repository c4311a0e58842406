import { demandBtrfs, demandRoot, demandTools, findSubvolume, type RequiredTool } from '@goldstream/system';
import { BuilderError } from '../error.ts';
import type { Tools } from '../tools.ts';
import { exists } from './exists.ts';

/**
 * What every command that works on the pool needs: root, its programs, and a pool that `init` made.
 * @throws `SYSTEM_NOT_ROOT`, `TOOL_MISSING`, `TOOL_TOO_OLD`, `BUILDER_NO_POOL`, `BTRFS_BIND_MOUNT`
 */
export async function demandPool({ runner, layout }: Tools, programs: readonly RequiredTool[] = []): Promise<void> {
  demandRoot();
  await demandTools(runner, ['btrfs', ...programs]);
  if (!(await exists(layout.golden))) {
    const why = (await exists(layout.image)) ? `${layout.image} is not mounted there` : 'there is no pool yet';
    throw noPool(`${layout.pool} holds no golden subvolume: ${why}`);
  }
  if ((await findSubvolume(runner, layout.golden)) === undefined) throw noPool(`${layout.golden} is not a subvolume`);
  await demandBtrfs(layout.pool);
}

function noPool(problem: string): BuilderError {
  return new BuilderError('BUILDER_NO_POOL', problem, { hint: 'Run goldstream-builder init first.' });
}

import { chmod, mkdir, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Handlers } from '@goldstream/plan';
import {
  createSubvolume,
  linkDurably,
  makeDirectoryDurably,
  snapshotSubvolume,
  syncDirectory,
} from '@goldstream/system';
import { judgeUnits } from '../deploy/judge.ts';
import { carryOutWithin } from '../host/carry-out-within.ts';
import type { Tools } from '../host/tools.ts';
import { integrationHandlers } from '../integrate/integration-handlers.ts';
import { deleteUnused } from '../prune/delete-unused.ts';
import { findOwnSubvolume } from '../prune/own-subvolume.ts';
import { transactionHandlers } from '../transaction/transaction-handlers.ts';
import { connectStage } from './connect-stage.ts';
import { fillTree } from './fill-tree.ts';
import { gatherTidy } from './gather-tidy.ts';
import { removeMarker, writeMarker } from './marker.ts';
import type { InitStep } from './plan-init.ts';
import { planTidy } from './plan-tidy.ts';
import { runCommands } from './run-commands.ts';
import { stagingPaths } from './staging-paths.ts';
import { stagingSite } from './staging-site.ts';
import type { ConnectStep, KeepTree, StageStep, TidyStep } from './step.ts';

/** How each step of deploying a stage and of going back is done. What is left when one fails is for `recover`. */
export function stageHandlers(tools: Tools): Handlers<StageStep> {
  return {
    ...initHandlers(tools),
    ...connectHandlers(tools),
    ...tidyHandlers(tools),
    'make-tree': async ({ from, to }) => {
      await snapshotSubvolume(tools.runner, from, to);
      await removeMarker(to);
    },
    'fill-tree': (step) => fillTree(tools, step),
    'connect-stage': (step) => connectStage(tools, step),
    'tidy-stages': () => tidyStages(tools),
  };
}

/** How each step of `stage init` is done; each can be done again. */
export function initHandlers(tools: Tools): Handlers<InitStep> {
  const { runner, layout } = tools;
  const paths = stagingPaths(layout);
  const makeSubvolume = async (path: string) => {
    if ((await findOwnSubvolume(tools, path)) === undefined) await createSubvolume(runner, path);
    // Everybody may run what is in it, whatever the umask is.
    await chmod(path, 0o755);
    await syncDirectory(dirname(path));
  };
  return {
    'make-place': async ({ path, as }) => {
      if (as === 'subvolume') return makeSubvolume(path);
      // From its first moment: a command that is cut off in between finds it there and makes it no other.
      const mode = path === paths.snapshots ? 0o700 : 0o755;
      await makeDirectoryDurably(path, mode);
      await chmod(path, mode);
    },
    'make-empty-tree': ({ path }) => makeSubvolume(path),
    'link-stage': ({ stage, to }) => linkDurably(paths.link(stage), paths.linkText(stage, to)),
  };
}

/** How a tree takes another's place. */
export function connectHandlers(tools: Tools): Handlers<ConnectStep> {
  const { layout, systemctl } = tools;
  return {
    ...transactionHandlers(tools),
    ...integrationHandlers(tools, stagingSite(layout)),
    'link-stage': initHandlers(tools)['link-stage'],
    judge: ({ units }) => judgeUnits(systemctl, units),
    'run-commands': ({ component, commands }) => runCommands(tools, component, commands),
    'keep-tree': (step) => keepTree(tools, step),
    'mark-deployed': ({ tree, marker }) => writeMarker(tree, marker),
  };
}

/** How what nobody needs is taken away. What turns out to be in use is kept, with a warning; the next time looks again. */
export function tidyHandlers(tools: Tools): Handlers<TidyStep> {
  return {
    'delete-tree': async ({ path, uuid, group }) => {
      const kept = await deleteUnused(tools, { path, uuid });
      if (kept !== undefined) return tools.io.warn(`kept: ${kept}`);
      if (group !== undefined) await removeEmptyDirectory(group);
    },
    'remove-empty-groups': async ({ groups }) => {
      for (const group of groups) await removeEmptyDirectory(group);
    },
  };
}

/** Takes away what of stages nobody needs and nobody uses, by the same rules as versions. */
export async function tidyStages(tools: Tools): Promise<void> {
  await carryOutWithin(tools, planTidy(await gatherTidy(tools)), tidyHandlers(tools));
}

async function keepTree({ runner, layout }: Tools, { stage, tree, snapshot }: KeepTree): Promise<void> {
  const paths = stagingPaths(layout);
  const group = paths.group(snapshot);
  await mkdir(group, { recursive: true, mode: 0o700 });
  await snapshotSubvolume(runner, tree, paths.snapshot(snapshot, stage), { readonly: true });
  await syncDirectory(paths.snapshots);
}

/** rmdir(2) takes nothing that holds anything. */
async function removeEmptyDirectory(path: string): Promise<void> {
  await rmdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTEMPTY') throw error;
  });
  await syncDirectory(dirname(path));
}

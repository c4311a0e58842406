import { plannedCommand, query } from '@goldstream/cli';
import { deployHandlers } from '../deploy/deploy-handlers.ts';
import { renderActive, tellActive } from '../deploy/tell-active.ts';
import { exclusively } from '../host/exclusively.ts';
import type { Tools } from '../host/tools.ts';
import { gatherActiveEdits } from '../overlay/active-edits.ts';
import { diffEdits } from '../overlay/diff-edits.ts';
import { editPath } from '../overlay/edit-path.ts';
import { planResetEdits } from '../overlay/reset-edits.ts';
import { renderEdits, tellEdits } from '../overlay/tell-edits.ts';

const path = { type: 'string', placeholder: 'path', variadic: true } as const;

export const overlayList = query({
  name: 'list',
  summary: 'List what was edited, added and deleted in the active deployment',
  examples: ['goldstream-receiver overlay list', 'goldstream-receiver overlay list --json'],
  answer: async (_, tools: Tools) => tellEdits(await gatherActiveEdits(tools)),
  render: renderEdits,
});

export const overlayDiff = query({
  name: 'diff',
  summary: 'Show how edited files differ from those of the version',
  examples: ['goldstream-receiver overlay diff', 'goldstream-receiver overlay diff stage-1-core-dbus/etc'],
  arguments: { path: { ...path, optional: true, summary: 'only these, and what lies below them (default: all)' } },
  answer: async ({ path: typed }, tools: Tools) => {
    const active = await gatherActiveEdits(tools);
    const paths = typed.map((one) => editPath(tools.layout, active.active.number, one));
    return { edits: await diffEdits(tools.runner, active, paths) };
  },
  render: ({ edits }) => edits.map(({ diff }) => diff).join('\n'),
});

export const overlayReset = plannedCommand({
  name: 'reset',
  summary: 'Take edits back: run the same version in a new deployment that lacks them',
  examples: [
    'goldstream-receiver overlay reset stage-1-core-dbus/etc/state.json --dry-run',
    'goldstream-receiver overlay reset /var/lib/op-dbus/current/root/stage-1-core-dbus/etc',
  ],
  arguments: { path: { ...path, summary: 'edited file or directory; a directory with all below it' } },
  bracket: exclusively,
  plan: (values, tools: Tools) => planResetEdits(tools, values.path),
  handlers: (tools) => tools.audit.announcing(deployHandlers(tools)),
  result: async (_, tools) => tellActive(tools),
  render: renderActive,
});

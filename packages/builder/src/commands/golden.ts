import { type CommandGroup, formatBytes, plannedCommand, query } from '@goldstream/cli';
import { EXIT_CODES } from '@goldstream/errors';
import { gatherGolden } from '../golden/facts.ts';
import { goldenHandlers } from '../golden/golden-handlers.ts';
import { planGoldenUpdate } from '../golden/plan-golden-update.ts';
import { differencesOf, renderDifferences } from '../golden/render-differences.ts';
import { withLock } from '../pool/with-lock.ts';
import { readRecord } from '../state/record.ts';
import { goldenRecord } from '../state/records.ts';
import type { Tools } from '../tools.ts';

const update = plannedCommand({
  name: 'update',
  summary: 'Make golden what the recipe says, touching only what differs',
  examples: ['goldstream-builder golden update', 'goldstream-builder golden update --dry-run'],
  bracket: withLock,
  plan: async (_, tools: Tools) => planGoldenUpdate(await gatherGolden(tools)),
  handlers: goldenHandlers,
  result: async (_, { layout }, { steps }) => ({
    golden: layout.golden,
    // The last step of a plan that changes something is the record.
    changes: Math.max(steps.length - 1, 0),
    ...(await readRecord(layout.goldenRecord, goldenRecord)),
  }),
  render: ({ golden, changes, files = 0, bytes = 0 }) =>
    `${golden} equals its recipe: ${files} files, ${formatBytes(bytes)}, ${changes === 0 ? 'nothing changed' : `${changes} changes made`}\n`,
});

const diff = query({
  name: 'diff',
  summary: 'List what golden update would change',
  examples: ['goldstream-builder golden diff', 'goldstream-builder golden diff --json'],
  answer: differences,
  render: renderDifferences,
});

const verify = query({
  name: 'verify',
  summary: 'Tell whether golden is what the recipe says; exit code 8 when it is not',
  examples: ['goldstream-builder golden verify'],
  answer: differences,
  render: renderDifferences,
  exitCode: ({ differences }) => (differences.length === 0 ? 0 : EXIT_CODES.state),
});

export const golden: CommandGroup<Tools> = {
  name: 'golden',
  summary: 'Bring the golden subvolume in line with its recipe, or compare them',
  commands: [update, diff, verify],
};

async function differences(_: object, tools: Tools) {
  const { golden, differences } = await gatherGolden(tools);
  return differencesOf(golden, differences);
}

import { plannedCommand } from '@goldstream/cli';
import { withLock } from '../pool/with-lock.ts';
import { gatherRehydrate } from '../rehydrate/facts.ts';
import { planRehydrate } from '../rehydrate/plan-rehydrate.ts';
import { rehydrateHandlers } from '../rehydrate/rehydrate-handlers.ts';
import type { Tools } from '../tools.ts';
import { versionArgument } from './version-argument.ts';

export const rehydrate = plannedCommand({
  name: 'rehydrate',
  summary: 'Get released versions back as snapshots, for the next release to build on',
  examples: [
    'goldstream-builder init && goldstream-builder rehydrate',
    'goldstream-builder rehydrate --before v1.3.1 --from https://releases.example.org/op-dbus',
    'goldstream-builder rehydrate v1.1.0 v1.2.0 --dry-run',
  ],
  arguments: {
    versions: {
      ...versionArgument('exactly these; default: the last few of the store'),
      optional: true,
      variadic: true,
    },
  },
  options: {
    from: { type: 'string', placeholder: 'store', summary: 'store to read; default: store of golden.yaml' },
    before: versionArgument('of the last few, those that this version is sent from'),
  },
  bracket: withLock,
  plan: async (wish, tools: Tools) => planRehydrate(await gatherRehydrate(tools, wish)),
  handlers: rehydrateHandlers,
  result: async (wish, tools) => {
    const { storeUrl, releases, wanted } = await gatherRehydrate(tools, wish);
    const snapshots = wanted.flatMap(({ here }) => here ?? []);
    return {
      store: storeUrl,
      releases,
      snapshots: snapshots.map(({ version, uuid, path }) => ({ version, uuid, path })),
    };
  },
  render: ({ store, snapshots }) =>
    snapshots.length === 0
      ? `${store} has no release\n`
      : snapshots.map(({ version, path }) => `${path} is ${version} of ${store}\n`).join(''),
});

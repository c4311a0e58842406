import { plannedCommand } from '@goldstream/cli';
import { isChannelName } from '@goldstream/release';
import { demandRoot, demandTools } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { gatherPrepare } from '../prepare/facts.ts';
import { planPrepare } from '../prepare/plan-prepare.ts';
import { prepareHandlers } from '../prepare/prepare-handlers.ts';

export const prepare = plannedCommand({
  name: 'prepare',
  summary: 'Make this host ready: pool, directories, keyring, configuration',
  examples: [
    'goldstream-receiver --app op-dbus prepare --key op-dbus.gpg --store dir:/srv/releases',
    'goldstream-receiver --app op-dbus prepare --key op-dbus.gpg --store https://releases.example.org/op-dbus --channel stable',
    'goldstream-receiver --app op-dbus prepare --key op-dbus.gpg --store github:OWNER/REPO --channel stable',
    'goldstream-receiver --app op-dbus prepare --size 32GiB --dry-run',
  ],
  options: {
    size: { type: 'size', default: '16GiB', summary: 'size of the loopback pool, where one has to be made (sparse)' },
    store: {
      type: 'string',
      placeholder: 'url',
      summary: 'where releases come from; written to a new configuration file',
    },
    channel: {
      type: 'parsed',
      parse: parseChannelName,
      placeholder: 'name',
      summary: 'channel that says what is offered, such as stable; written to a new configuration file',
    },
    key: { type: 'string', placeholder: 'file', repeatable: true, summary: 'public key that may sign releases' },
  },
  bracket: async ({ runner }: Tools, work) => {
    demandRoot();
    await demandTools(runner, ['btrfs', 'zstd', 'gpg', 'gpgv']);
    await work();
  },
  plan: async ({ size, store, channel, key }, tools: Tools) =>
    planPrepare(await gatherPrepare(tools, key), { size, store, channel }),
  handlers: prepareHandlers,
  result: async (_, { layout }) => ({ application: layout.application, pool: layout.pool }),
  render: ({ pool }) => `${pool} is ready\n`,
});

function parseChannelName(text: string): string {
  if (isChannelName(text)) return text;
  throw new Error('expected lower-case letters and digits, a letter first, at most 32');
}

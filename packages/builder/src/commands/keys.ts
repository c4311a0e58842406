import { type CommandGroup, plannedCommand } from '@goldstream/cli';
import { findSecretKey } from '@goldstream/system';
import { gatherKeys } from '../keys/facts.ts';
import { demandHome, lockOwnHome } from '../keys/home.ts';
import { createKeyHandlers, exportKeyHandlers } from '../keys/key-handlers.ts';
import { planCreateKey, planExportKey } from '../keys/plan-keys.ts';
import { wantedKeys } from '../keys/wanted-keys.ts';
import type { Tools } from '../tools.ts';

const create = plannedCommand({
  name: 'create',
  summary: 'Make a signing key without a passphrase, for releases that no person attends',
  examples: [
    'goldstream-builder keys create',
    'goldstream-builder keys create --name "op-dbus releases" --expires 1y',
    'goldstream-builder keys create --another',
  ],
  options: {
    name: { type: 'string', summary: 'whom the key is for; default: "APP releases"' },
    expires: { type: 'parsed', parse: parseLifetime, summary: 'lifetime as 90d, 12m or 2y, or never', default: '2y' },
    another: { type: 'boolean', summary: 'also when there is a key already' },
  },
  // A home of the caller's is locked by gpg itself.
  bracket: lockOwnHome,
  plan: async ({ name, expires, another }, tools: Tools) => {
    await demandHome(tools);
    const userId = name ?? `${tools.layout.application} releases`;
    return planCreateKey(await gatherKeys(tools), { userId, expires, another });
  },
  handlers: createKeyHandlers,
  result: async (_, tools) => ({ keys: (await gatherKeys(tools)).keys }),
  render: ({ keys }) => keys.map(({ fingerprint, userId }) => `${fingerprint}  ${userId}\n`).join(''),
});

const exported = plannedCommand({
  name: 'export',
  summary: 'Write the public key: a keyring for receivers and gpgv, or text',
  examples: [
    'goldstream-builder keys export --out op-dbus.gpg',
    'goldstream-builder keys export --armor',
    'goldstream-builder keys export > op-dbus.gpg',
  ],
  options: {
    out: { type: 'string', placeholder: 'file', summary: 'where to; default: stdout', short: 'o' },
    armor: { type: 'boolean', summary: 'as text (for mail and web pages; gpgv wants the binary form)' },
    key: { type: 'string', summary: 'fingerprint or user id; default: key of golden.yaml, or the only one' },
  },
  plan: async ({ out, armor, key }, tools: Tools) => {
    await demandHome(tools);
    const [wanted] = wantedKeys(tools, key === undefined ? [] : [key]);
    const found = await findSecretKey(tools.runner, await tools.gpgHome(), wanted);
    return planExportKey(found, { to: out, armor, toTerminal: tools.streams.outputIsTerminal });
  },
  handlers: exportKeyHandlers,
  result: async ({ out }) => ({ file: out }),
  // The key itself went to stdout when no file was named.
  render: ({ file }) => (file === undefined ? '' : `${file} written\n`),
});

export const keys: CommandGroup<Tools> = {
  name: 'keys',
  summary: 'Make and hand out the key that signs releases',
  commands: [create, exported],
};

function parseLifetime(text: string): string {
  if (text === 'never') return '0';
  if (/^[1-9]\d{0,3}[dwmy]$/.test(text)) return text;
  throw new Error('expected a number of d, w, m or y, such as 2y; or never');
}

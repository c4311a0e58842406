import { type CommandGroup, plannedCommand, query, renderTable } from '@goldstream/cli';
import { findSecretKey } from '@goldstream/system';
import { gatherSite } from '../channel/facts.ts';
import { gatherKeys } from '../keys/facts.ts';
import { demandHome, lockOwnHome } from '../keys/home.ts';
import { createKeyHandlers, exportKeyHandlers } from '../keys/key-handlers.ts';
import { gatherOwnKeys } from '../keys/own-keys.ts';
import { planCreateKey, planExportKey } from '../keys/plan-keys.ts';
import { planRotate } from '../keys/plan-rotate.ts';
import { gatherRotate } from '../keys/rotate-facts.ts';
import { rotateHandlers } from '../keys/rotate-handlers.ts';
import { type KeysAnswer, tellKeys } from '../keys/tell-keys.ts';
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

const list = query({
  name: 'list',
  summary: 'List the own keys, and with a store who may sign according to its keys documents',
  examples: ['goldstream-builder keys list', 'goldstream-builder keys list --from dir:/srv/releases --json'],
  options: {
    from: {
      type: 'string',
      placeholder: 'store',
      summary: 'store that holds the keys documents; default: none is asked',
    },
  },
  answer: async ({ from }, tools: Tools) => {
    let answer: KeysAnswer | undefined;
    await lockOwnHome(tools, async () => {
      answer = await gatherAnswer(tools, from);
    });
    if (answer === undefined) throw new Error('the lock was held and nothing was done');
    return answer;
  },
  render: renderKeysAnswer,
});

const rotate = plannedCommand({
  name: 'rotate',
  summary: 'Say who may sign from now on: the next keys document, signed by keys of before and of now',
  examples: [
    'goldstream-builder keys rotate --reason "first keys document" --channel stable',
    'goldstream-builder keys rotate --add new.asc --retire 704BFF285CFE39DC --reason "yearly" --channel stable',
    'goldstream-builder keys rotate --withdraw 704BFF285CFE39DC --reason "laptop stolen" --channel stable --new-epoch',
  ],
  options: {
    reason: { type: 'string', required: true, summary: 'one line that operators will read' },
    add: {
      type: 'string',
      repeatable: true,
      placeholder: 'key',
      summary: 'file with public keys, or a key of this GnuPG home',
    },
    retire: {
      type: 'string',
      repeatable: true,
      placeholder: 'key',
      summary: 'no longer signs, nothing is held against it',
    },
    withdraw: {
      type: 'string',
      repeatable: true,
      placeholder: 'key',
      summary: 'never counts again: somebody else may hold it',
    },
    threshold: { type: 'integer', min: 1, max: 32, summary: 'how many keys must sign; default: as before, 1 at first' },
    channel: { type: 'string', repeatable: true, summary: 'channel that is signed again and names the document' },
    newEpoch: {
      type: 'boolean',
      summary: 'restart the sequence of those channels: after a wrong one, or a stolen key',
    },
    to: { type: 'string', placeholder: 'store', summary: 'store to publish in; default: store of golden.yaml' },
  },
  bracket: lockOwnHome,
  plan: async ({ to, add, channel: channels, ...wish }, tools: Tools) =>
    planRotate(await gatherRotate(tools, { to, add, channels }), wish),
  handlers: rotateHandlers,
  result: async ({ to }, tools) => {
    const { store, own, trust } = await gatherSite(tools, to);
    return tellKeys(own, trust, store.url);
  },
  render: renderKeysAnswer,
});

export const keys: CommandGroup<Tools> = {
  name: 'keys',
  summary: 'Make, hand out, announce and take back the keys that sign releases',
  commands: [create, exported, list, rotate],
};

async function gatherAnswer(tools: Tools, from: string | undefined): Promise<KeysAnswer> {
  if (from !== undefined) {
    const { store, own, trust } = await gatherSite(tools, from);
    return tellKeys(own, trust, store.url);
  }
  await demandHome(tools);
  return tellKeys(await gatherOwnKeys(tools), undefined, undefined);
}

function renderKeysAnswer({ document, threshold, keys: rows }: KeysAnswer): string {
  const needed = document === 0 ? '' : `keys document ${document}, signatures needed: ${threshold}\n\n`;
  return `${needed}${renderTable(rows, [
    { title: 'key', cell: ({ fingerprint }) => fingerprint },
    { title: 'here', cell: ({ isOwn }) => (isOwn ? 'yes' : 'no') },
    { title: 'standing', cell: ({ standing, reason }) => (reason === undefined ? standing : `${standing}: ${reason}`) },
    { title: 'name', cell: ({ userId }) => userId ?? '' },
  ])}`;
}

function parseLifetime(text: string): string {
  if (text === 'never') return '0';
  if (/^[1-9]\d{0,3}[dwmy]$/.test(text)) return text;
  throw new Error('expected a number of d, w, m or y, such as 2y; or never');
}

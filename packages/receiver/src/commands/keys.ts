import { plannedCommand, query } from '@goldstream/cli';
import { demandRoot } from '@goldstream/system';
import { exclusively } from '../host/exclusively.ts';
import type { Tools } from '../host/tools.ts';
import { gatherKeys, keyringWithout, readGivenKeys } from '../keys/facts.ts';
import { keysHandlers } from '../keys/keys-handlers.ts';
import { findKey, planAddKeys, planRemoveKey } from '../keys/plan-keys.ts';
import { renderKeys, tellKeys } from '../keys/tell-keys.ts';
import { demandPrepared } from '../prepare/demand-ready.ts';

export const keysList = query({
  name: 'list',
  summary: 'List whose signatures this host believes, and whose it does not, and why',
  examples: ['goldstream-receiver keys list', 'goldstream-receiver keys list --json'],
  answer: async (_, tools: Tools) => {
    demandRoot();
    await demandPrepared(tools.layout);
    return tellKeys(await gatherKeys(tools));
  },
  render: renderKeys,
});

export const keysAdd = plannedCommand({
  name: 'add',
  summary: 'Add public keys to the keyring of this host’s operator, if they can sign releases',
  examples: ['goldstream-receiver keys add op-dbus.gpg', 'goldstream-receiver keys add op-dbus.asc --dry-run'],
  arguments: { files: { type: 'string', variadic: true, summary: 'files with public keys, armoured or not' } },
  bracket: exclusively,
  plan: async ({ files }, tools: Tools) => {
    tools.audit.undertake({ event: 'refusal', subject: { command: 'keys add' } });
    return planAddKeys(await gatherKeys(tools), await readGivenKeys(tools, files));
  },
  handlers: keysHandlers,
  result: async (_, tools) => tellKeys(await gatherKeys(tools)),
  render: renderKeys,
});

export const keysRemove = plannedCommand({
  name: 'remove',
  summary: 'Believe a key no longer, whatever keys documents say',
  examples: [
    'goldstream-receiver keys remove 704BFF285CFE39DC',
    'goldstream-receiver keys remove 704BFF285CFE39DC --force',
  ],
  arguments: { key: { type: 'string', summary: 'fingerprint, or the last 16 digits of it' } },
  options: { force: { type: 'boolean', summary: 'also when fewer keys are left than must sign' } },
  bracket: exclusively,
  plan: async ({ key, force }, tools: Tools) => {
    tools.audit.undertake({ event: 'refusal', subject: { command: 'keys remove' } });
    const facts = await gatherKeys(tools);
    const fingerprint = findKey(facts, key);
    return planRemoveKey(facts, { fingerprint, content: await keyringWithout(tools, facts, fingerprint), force });
  },
  handlers: keysHandlers,
  result: async (_, tools) => tellKeys(await gatherKeys(tools)),
  render: renderKeys,
});

import { CodedError } from '@goldstream/errors';
import type { Store } from '@goldstream/store';
import { demandTools } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { type AcceptedChannel, askChannel } from './ask-channel.ts';
import { type HeldKeys, readHeldKeys } from './held-keys.ts';
import { type KeptChannel, readKeptChannel } from './kept-channel.ts';
import { walkKeys } from './walk-keys.ts';

/** Whom this host believes, and what its channel says. */
export interface Belief {
  readonly keys: HeldKeys;
  /** Undefined where the configuration names no channel. */
  readonly channel: AcceptedChannel | undefined;
}

/** What this host believed last, without asking anybody. */
export interface KeptBelief {
  readonly keys: HeldKeys;
  /** Undefined: the configuration names no channel, or it was never accepted. It may have expired. */
  readonly channel: KeptChannel | undefined;
}

/**
 * Asks a store for newer keys, then for the channel; once in a run.
 * @throws whatever of it is refused, or cannot be had
 */
export async function believe(tools: Tools, store: Store): Promise<Belief> {
  return tools.trust.once(store.url, async () => {
    await demandTools(tools.runner, ['gpg', 'gpgv']);
    const keys = await walkKeys(tools, store);
    const { channel } = tools.config;
    return { keys, channel: channel === undefined ? undefined : await askChannel(tools, store, channel, keys) };
  });
}

/** The same, or the error: for those who can go on with what was verified before. */
export async function tryToBelieve(tools: Tools, store: Store): Promise<Belief | CodedError> {
  return believe(tools, store).catch((error: unknown) => {
    if (error instanceof CodedError) return error;
    throw error;
  });
}

/** What this host believed last. */
export async function readKeptBelief(tools: Tools): Promise<KeptBelief> {
  const { channel } = tools.config;
  await demandTools(tools.runner, ['gpg', 'gpgv']);
  return {
    keys: await readHeldKeys(tools),
    channel: channel === undefined ? undefined : await readKeptChannel(tools.layout, channel),
  };
}

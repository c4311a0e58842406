import { CodedError } from '@goldstream/errors';
import type { Store } from '@goldstream/store';
import { type FollowedKeys, findKeysDocument, followKeys, type PresentedKeysFile } from '@goldstream/transfer';
import { ReceiverError } from '../error.ts';
import type { Tools } from '../host/tools.ts';
import { type HeldKeys, readHeldKeys, storeKeys } from './held-keys.ts';

/** So many documents may stand before the one that an operator's keyring enters the chain at. */
const SKIPPED_LIMIT = 100;

/**
 * Walks from the keys that this host believes to the newest ones that the store has, each step judged by the one before,
 * and stored before the next is asked for (docs/adr/0012). An operator's keyring enters the chain at the first document
 * that enough of its keys signed; what comes before that was not meant for it.
 * @throws ReleaseError `RELEASE_UNTRUSTED`, `RELEASE_KEYS_BROKEN`, `RELEASE_BAD_KEYS`; SystemError
 * `GPG_NOT_CLEAR_SIGNED`; ReceiverError `TRUST_KEYS_ENDLESS`; those of the store
 */
export async function walkKeys(tools: Tools, store: Store): Promise<HeldKeys> {
  let held = await readHeldKeys(tools);
  for (let number = held.set.number + 1; ; number += 1) {
    const presented = await findKeysDocument(store, number);
    if (presented === undefined) {
      if (held.set.number === 0 && number > 1) warnOutside(tools, store, number - 1);
      return held;
    }
    try {
      held = await take(tools, held, presented);
    } catch (error) {
      const isRefused = error instanceof CodedError && (error.category === 'trust' || error.category === 'input');
      if (held.set.number !== 0 || !isRefused) throw error;
      if (number > SKIPPED_LIMIT) throw endless(store, error);
    }
  }
}

async function take(tools: Tools, held: HeldKeys, presented: PresentedKeysFile): Promise<HeldKeys> {
  const { application } = tools.layout;
  const { threshold } = tools.config;
  const next = await followKeys(tools.runner, held, presented, { application, threshold });
  await learn(tools, next, presented);
  return next;
}

async function learn(tools: Tools, next: FollowedKeys, { signed }: PresentedKeysFile): Promise<void> {
  if (!tools.trust.learns) return;
  // Told before they are kept: they are no news the next time.
  for (const event of next.events) await tools.trust.tell({ kind: 'trust', channel: undefined, event });
  await storeKeys(tools, next, signed);
}

/** Not an error yet: perhaps this host was given a key on purpose that no document knows. */
function warnOutside({ io }: Tools, { url }: Store, newest: number): void {
  io.warn(
    `warning: ${url} has keys documents up to ${newest}, none signed by the keys of this host: goldstream-receiver keys add`,
  );
}

function endless(store: Store, cause: CodedError): ReceiverError {
  return new ReceiverError(
    'TRUST_KEYS_ENDLESS',
    `none of the first ${SKIPPED_LIMIT} keys documents of ${store.url} was signed by the keys of this host`,
    { cause, hint: 'Give this host the keys of today: `goldstream-receiver keys add FILE`.' },
  );
}

import { createHash } from 'node:crypto';
import { CodedError } from '@goldstream/errors';
import {
  assertTrusted,
  judgeKeysDocument,
  judgeSignature,
  KEYS_BYTES_LIMIT,
  type KeySet,
  keyringOf,
  keysFileName,
  parseKeys,
  ReleaseError,
  type SignatureProof,
  type TrustEvent,
} from '@goldstream/release';
import { type Store, StoreError } from '@goldstream/store';
import { clearSignedStatus, withKeyring } from '@goldstream/system';
import { ReceiverError } from '../error.ts';
import type { Tools } from '../host/tools.ts';
import { type HeldKeys, listKeys, readHeldKeys, storeKeys } from './held-keys.ts';

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
    const signed = await readKeysDocument(store, number);
    if (signed === undefined) {
      if (held.set.number === 0 && number > 1) warnOutside(tools, store, number - 1);
      return held;
    }
    try {
      held = await take(tools, held, { number, signed });
    } catch (error) {
      const isRefused = error instanceof CodedError && (error.category === 'trust' || error.category === 'input');
      if (held.set.number !== 0 || !isRefused) throw error;
      if (number > SKIPPED_LIMIT) throw endless(store, error);
    }
  }
}

async function readKeysDocument(store: Store, number: number): Promise<Uint8Array | undefined> {
  try {
    return await store.readDocument(keysFileName(store.application, number), KEYS_BYTES_LIMIT);
  } catch (error) {
    if (error instanceof StoreError && error.code === 'STORE_DOCUMENT_MISSING') return undefined;
    throw error;
  }
}

interface Presented {
  readonly number: number;
  readonly signed: Uint8Array;
}

/** One step: not a byte of the document is parsed before the keys of before have signed it. */
async function take(tools: Tools, held: HeldKeys, { number, signed }: Presented): Promise<HeldKeys> {
  const { application } = tools.layout;
  const { threshold } = tools.config;
  const { text, ...byPrevious } = await verify(tools, held.keyring, signed);
  demandSigned(held.set, number, byPrevious, threshold);
  const document = parseKeys(text);
  if (document.number !== number) {
    throw new ReleaseError('RELEASE_KEYS_BROKEN', `${keysFileName(application, number)} is number ${document.number}`, {
      hint: 'The store mixes keys documents up: tell its publisher.',
    });
  }
  const keyring = keyringOf(document);
  const byOwn = await verify(tools, keyring, signed);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const judgement = judgeKeysDocument(held.set, { document, sha256, byPrevious, byOwn }, { application, threshold });
  if (!judgement.ok) throw judgement.refusal;
  const next = { set: judgement.keys, keyring };
  await learn(tools, next, { signed, events: judgement.events });
  return next;
}

async function verify(
  tools: Tools,
  keyring: Uint8Array,
  signed: Uint8Array,
): Promise<SignatureProof & { readonly text: Uint8Array }> {
  return withKeyring(keyring, async (path) => ({
    ...(await clearSignedStatus(tools.runner, path, signed)),
    keys: await listKeys(tools, path),
  }));
}

function demandSigned(previous: KeySet, number: number, { status, keys }: SignatureProof, floor: number): void {
  const threshold = Math.max(previous.threshold, floor);
  const who = { allowed: previous.keys, withdrawn: previous.withdrawn, listing: { keys, at: 'signature' as const } };
  assertTrusted(`keys document ${number}`, judgeSignature(status, { threshold, ...who }), threshold);
}

async function learn(
  tools: Tools,
  next: HeldKeys,
  { signed, events }: { readonly signed: Uint8Array; readonly events: readonly TrustEvent[] },
): Promise<void> {
  if (!tools.trust.learns) return;
  // Told before they are kept: they are no news the next time.
  for (const event of events) await tools.trust.tell({ kind: 'trust', channel: undefined, event });
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

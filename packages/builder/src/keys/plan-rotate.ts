import { createHash } from 'node:crypto';
import type { Plan } from '@goldstream/plan';
import {
  type AnnouncedKey,
  type KeySet,
  type KeysDocument,
  type KeysPointer,
  openKeys,
  ReleaseError,
  renderKeys,
  rotateKeys,
} from '@goldstream/release';
import type { ChannelFacts } from '../channel/facts.ts';
import { type PublishChannelStep, planAnnounce } from '../channel/plan-channel.ts';
import { BuilderError } from '../error.ts';
import { chooseKeySigners } from './choose-key-signers.ts';
import { chooseSigners } from './choose-signers.ts';
import { describeKeysChange } from './describe-keys-change.ts';
import { describeSigners } from './describe-signers.ts';
import type { OwnKeys } from './own-keys.ts';

/** Signs a keys document and puts it beside those before it. */
export interface PublishKeysStep {
  readonly kind: 'publish-keys';
  readonly says: string;
  readonly storeUrl: string;
  readonly document: KeysDocument;
  /** Fingerprints. */
  readonly signers: readonly string[];
}

/** What `keys rotate` can do. */
export type RotateStep = PublishKeysStep | PublishChannelStep;

/** What decides how keys change. */
export interface RotateFacts {
  readonly storeUrl: string;
  readonly application: string;
  readonly own: OwnKeys;
  /** The keys that are believed now. */
  readonly set: KeySet;
  /** Where `set` comes from; undefined for number 0. */
  readonly document: KeysDocument | undefined;
  /** Keys to add; for the first document also those that sign now. */
  readonly add: readonly AnnouncedKey[];
  /** Channels that are to name the newest document. */
  readonly channels: readonly Omit<ChannelFacts, 'keys' | 'signers'>[];
  readonly now: Date;
}

/** What is wished for. Keys are named by fingerprint, or by its end where the document lists them. */
export interface RotateWish {
  readonly retire: readonly string[];
  readonly withdraw: readonly string[];
  readonly reason: string;
  readonly threshold: number | undefined;
  readonly newEpoch: boolean;
}

/**
 * The next keys document, and then every channel: no host meets a channel whose keys it cannot reach. A document that
 * would say nothing new is not made; what an interrupted run left is then only announced.
 *
 * @throws ReleaseError `RELEASE_KEYS_CONFLICT`, `RELEASE_CHANNEL_CONFLICT`, `RELEASE_CLOCK_BEHIND`; BuilderError
 * `BUILDER_TOO_FEW_KEYS`, `BUILDER_NO_CHANNEL`, `BUILDER_CHANNEL_UNTRUSTED`
 */
export function planRotate(facts: RotateFacts, wish: RotateWish): Plan<RotateStep> {
  const { storeUrl, application, document: previous, set } = facts;
  const next = nextDocument(facts, wish);
  const isNew = previous === undefined || saysMore(previous, next) || needsEpoch(facts, wish);
  const document = isNew ? next : previous;
  const steps: RotateStep[] = isNew ? [publishing(facts, document)] : [];
  const notes = isNew ? describeKeysChange(previous, document) : [`keys document ${document.number} says so already`];
  const keys = pointerTo(document);
  const newSet: KeySet = {
    number: document.number,
    threshold: document.threshold,
    keys: document.keys.map(({ fingerprint }) => fingerprint),
    withdrawn: [...set.withdrawn, ...document.withdrawn.map(({ fingerprint }) => fingerprint)],
  };
  for (const channel of facts.channels) {
    const known = channel.inStore.kind === 'believed' ? (channel.inStore.channel.keys?.number ?? 0) : 0;
    if (known === keys.number && !wish.newEpoch) continue;
    demandSound(channel, newSet, set.threshold);
    const signers = chooseSigners(facts.own, [], newSet);
    const announced = planAnnounce({ ...channel, keys, signers }, wish);
    notes.push(...(announced.notes ?? []).map((note) => `${channel.name}: ${note}`));
    steps.push(...announced.steps);
  }
  if (isNew && facts.channels.length === 0)
    notes.push('no channel names it yet: name them with --channel, or run channel sign');
  return { goal: `keys document ${document.number} of ${application} in ${storeUrl}`, notes, steps };
}

/** What only a key says that somebody else may hold is not signed again unseen. */
function demandSound(
  { name, inStore }: RotateFacts['channels'][number],
  { withdrawn }: KeySet,
  threshold: number,
): void {
  if (inStore.kind !== 'believed') return;
  const sound = inStore.signers.filter((signer) => !withdrawn.includes(signer));
  if (sound.length >= threshold) return;
  throw new BuilderError(
    'BUILDER_CHANNEL_UNTRUSTED',
    `channel ${name} is signed by a key that is to be withdrawn, ${inStore.signers.join(' and ')}, and by too few others`,
    {
      hint: 'Look at it (`channel show`) and sign it with another key first (`channel sign --key`); or withdraw without --channel and make it anew (`channel set --new-epoch`).',
    },
  );
}

function nextDocument({ application, document, add, now }: RotateFacts, wish: RotateWish): KeysDocument {
  const { reason, threshold, retire, withdraw } = wish;
  if (document !== undefined) {
    return rotateKeys(document, {
      now,
      reason,
      threshold,
      add,
      retire: retire.map((name) => resolve(document, name)),
      withdraw: withdraw.map((name) => ({ fingerprint: resolve(document, name), reason })),
    });
  }
  if (retire.length + withdraw.length > 0) {
    throw new ReleaseError('RELEASE_KEYS_CONFLICT', 'there is no keys document yet from which a key could be taken', {
      hint: 'Make the first one with the keys of now, then run this again.',
    });
  }
  return openKeys({ application, keys: add }, { now, reason, threshold });
}

const FINGERPRINT = /^(?:[0-9A-F]{40}|[0-9A-F]{64})$/;

/** A whole fingerprint may be of a key that an earlier document listed. */
function resolve({ number, keys }: KeysDocument, name: string): string {
  const wanted = name.replace(/^0x/, '').replaceAll(' ', '').toUpperCase();
  if (FINGERPRINT.test(wanted)) return wanted;
  const [found, ...more] = keys.filter(({ fingerprint }) => wanted.length >= 8 && fingerprint.endsWith(wanted));
  if (found !== undefined && more.length === 0) return found.fingerprint;
  throw new ReleaseError('RELEASE_KEYS_CONFLICT', `“${name}” is no key of keys document ${number}`, {
    hint: 'Name it by its fingerprint: `goldstream-builder keys list` shows them.',
  });
}

function saysMore(previous: KeysDocument, next: KeysDocument): boolean {
  const said = ({ threshold, keys, withdrawn }: KeysDocument) => JSON.stringify([threshold, keys, withdrawn]);
  return said(previous) !== said(next);
}

/** Each document allows one new epoch. */
function needsEpoch({ channels, set }: RotateFacts, { newEpoch }: RotateWish): boolean {
  const isUsed = (facts: RotateFacts['channels'][number]) =>
    facts.inStore.kind === 'believed' && facts.inStore.channel.epoch >= set.number;
  return newEpoch && (channels.length === 0 || channels.some(isUsed));
}

function publishing(facts: RotateFacts, document: KeysDocument): PublishKeysStep {
  renderKeys(document);
  const signers = chooseKeySigners(facts.own, facts.set, document);
  const { storeUrl } = facts;
  return {
    kind: 'publish-keys',
    says: `sign keys document ${document.number} by ${describeSigners(signers)} and publish it in ${storeUrl}`,
    storeUrl,
    document,
    signers: signers.map(({ fingerprint }) => fingerprint),
  };
}

function pointerTo(document: KeysDocument): KeysPointer {
  return { number: document.number, sha256: createHash('sha256').update(renderKeys(document)).digest('hex') };
}

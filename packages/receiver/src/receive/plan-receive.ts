import { formatBytes } from '@goldstream/cli';
import { CodedError } from '@goldstream/errors';
import type { Plan, Step } from '@goldstream/plan';
import {
  chooseStream,
  type PolicyRequest,
  type ReleaseManifest,
  type StreamChoice,
  type StreamEntry,
  type Version,
} from '@goldstream/release';
import { receivedProblem, type TrustedRelease } from '@goldstream/transfer';
import { ReceiverError } from '../error.ts';
import type { ReceiveFacts } from './facts.ts';
import { demandAllowed, guardPolicy } from './guard-policy.ts';
import { demandMachine } from './machine.ts';

/** What `receive` does. */
export type ReceiveStep = Step &
  (
    | { readonly kind: 'remove-unfinished'; readonly path: string; readonly uuid: string }
    | { readonly kind: 'note-receiving'; readonly version: Version; readonly newestIdBefore: number }
    | {
        readonly kind: 'receive-stream';
        readonly release: TrustedRelease;
        /** Of the release's streams the one on this version; undefined: the full one. */
        readonly parent: Version | undefined;
        /** URL of the store that it is read from. */
        readonly store: string;
        readonly into: string;
        readonly newestIdBefore: number;
      }
    | {
        readonly kind: 'record-received';
        readonly release: TrustedRelease;
        readonly into: string;
        readonly how: string;
      }
    | {
        readonly kind: 'check-contents';
        readonly release: TrustedRelease;
        readonly path: string;
        /** What it may hold beyond the usual. */
        readonly policy: PolicyRequest;
      }
    | { readonly kind: 'record-unsigned'; readonly version: Version; readonly path: string }
  );

/** What the operator allows, for this run only. */
export interface ReceiveWish {
  readonly allowUnsigned: boolean;
}

/** Metadata and slack: 3 % and 64 MiB beside the data. */
const SLACK = { share: 0.03, bytes: 64 * 1024 * 1024 };

/**
 * Decides how a version gets onto this host next to the active one. Whatever lies under its name is received again only
 * when it is certainly our own unfinished work; what somebody received by hand is taken after a full content check.
 */
export function planReceive(facts: ReceiveFacts, wish: ReceiveWish): Plan<ReceiveStep> {
  const { host, version, subvolume } = facts;
  const record = host.records.get(version);
  const goal = `have ${version} received`;
  if (subvolume === undefined) return { goal, notes: changedNotes(facts), steps: streamSteps(facts) };
  if (record?.status === 'received') return { goal, notes: [`${version} was received ${record.at}`], steps: [] };

  const ours = record?.status === 'receiving' && subvolume.id > record.newestIdBefore;
  if (ours) {
    const { path, uuid } = subvolume;
    const says = `remove what an interrupted receive left at ${path}`;
    return {
      goal,
      notes: changedNotes(facts),
      steps: [{ kind: 'remove-unfinished', says, path, uuid }, ...streamSteps(facts)],
    };
  }
  return { goal, steps: byHandSteps(facts, wish) };
}

function streamSteps(facts: ReceiveFacts): ReceiveStep[] {
  const { host, version, free, newestId: newestIdBefore } = facts;
  const release = demandRelease(facts);
  const { stream, bytes, reason } = choose(facts, release.manifest);
  const needed = Math.ceil(stream.rawBytes * (1 + SLACK.share)) + SLACK.bytes;
  if (needed > free) {
    throw new ReceiverError(
      'RECEIVE_NO_SPACE',
      `${version} needs ${formatBytes(needed)} (${needed} bytes) in ${host.layout.pool}, free are ${formatBytes(free)} (${free} bytes)`,
      { hint: 'Free some with `goldstream-receiver prune`, or make the pool larger.' },
    );
  }
  const into = host.layout.deploy;
  const how = stream.kind === 'full' ? 'full' : `incremental from ${stream.parent.version}`;
  return [
    { kind: 'note-receiving', says: `note that ${version} is being received`, version, newestIdBefore },
    {
      kind: 'receive-stream',
      says: `receive ${version}: ${formatBytes(bytes)}, ${reason}`,
      release,
      parent: stream.kind === 'full' ? undefined : stream.parent.version,
      store: storeFor(facts, stream),
      into,
      newestIdBefore,
    },
    { kind: 'record-received', says: `sync, look at ${into}/${version}, record it as received`, release, into, how },
  ];
}

/** What `fetch` has kept comes first: it costs no download and needs no store. */
function choose(facts: ReceiveFacts, manifest: ReleaseManifest): StreamChoice {
  const { parents } = facts;
  const held = new Set(parents.map(({ uuid }) => uuid));
  const kept = manifest.streams.filter(
    (stream) => isKept(facts, stream) && (stream.kind === 'full' || held.has(stream.parent.uuid)),
  );
  if (kept.length === 0) return chooseStream(manifest, parents);
  const choice = chooseStream({ ...manifest, streams: kept }, parents);
  const what = choice.stream.kind === 'full' ? 'full stream' : `incremental from ${choice.stream.parent.version}`;
  return { ...choice, reason: `${what}, fetched before` };
}

function isKept({ cached }: ReceiveFacts, { assets }: StreamEntry): boolean {
  return assets.every(({ name, bytes }) => cached.get(name) === bytes);
}

/** What `fetch` has kept, when all of it is there; its chunks are verified again like those of any store. */
function storeFor(facts: ReceiveFacts, stream: StreamEntry): string {
  const { store, host, version } = facts;
  if (isKept(facts, stream)) return `dir:${host.layout.cache}`;
  if (store !== undefined) return store;
  throw new ReceiverError(
    'CONFIG_INVALID',
    `the stream of ${version} is not in ${host.layout.cache}, and no store is named`,
    {
      hint: `Write store: dir:/PATH into ${host.layout.config}, or give --store dir:/PATH.`,
    },
  );
}

/** A subvolume that is not ours: finished and equal to what was signed, or refused. */
function byHandSteps(facts: ReceiveFacts, { allowUnsigned }: ReceiveWish): ReceiveStep[] {
  const { version, subvolume, release, host, allow } = facts;
  const path = host.layout.version(version);
  if (subvolume?.readonly !== true || subvolume.receivedUuid === undefined) {
    throw new ReceiverError('RECEIVE_SUSPECT', `${path} is an unfinished subvolume that this program did not make`, {
      hint: `Look at it, and if nobody needs it: btrfs subvolume delete ${path}`,
    });
  }
  if (release === undefined) {
    if (allowUnsigned) {
      return [
        { kind: 'record-unsigned', says: `take ${path} WITHOUT A SIGNATURE, as --allow-unsigned asks`, version, path },
      ];
    }
    throw new ReceiverError(
      'RECEIVE_UNSIGNED',
      `${path} was received by hand and no signed manifest of it is at hand`,
      {
        hint: 'Give --manifest FILE (with FILE.asc beside it) or a store that has it; --allow-unsigned takes it unproven.',
        cause: facts.noRelease,
      },
    );
  }
  demandAllowed(release.manifest, allow, host.layout.config);
  const problem = receivedProblem(subvolume, release.manifest.snapshot);
  if (problem !== undefined) {
    throw new ReceiverError('RECEIVE_CONTENT_MISMATCH', `${path} ${problem}; it is not the released ${version}`, {
      hint: `Look at it, and if nobody needs it: btrfs subvolume delete ${path}`,
    });
  }
  return [
    {
      kind: 'check-contents',
      says: `check every byte of ${path} (${formatBytes(release.manifest.snapshot.bytes)}) against the signed manifest`,
      release,
      path,
      policy: guardPolicy(release.manifest.policy, allow),
    },
    {
      kind: 'record-received',
      says: `record ${version} as received`,
      release,
      into: host.layout.deploy,
      how: 'by hand',
    },
  ];
}

function demandRelease({ release, noRelease, version, machine, allow, host }: ReceiveFacts): TrustedRelease {
  if (release !== undefined) {
    demandAllowed(release.manifest, allow, host.layout.config);
    if (machine !== undefined) demandMachine(release.manifest, machine);
    return release;
  }
  if (noRelease instanceof CodedError) throw noRelease;
  throw new ReceiverError('RECEIVE_NO_STREAM', `there is no release ${version}`);
}

function changedNotes({ changed }: ReceiveFacts): string[] {
  return changed.map(
    (version) =>
      `${version} was changed on this host since it was received: it does not serve as a parent (verify --deep says more)`,
  );
}

import { formatBytes } from '@goldstream/cli';
import { chooseStream, type ReleaseManifest, type StreamChoice, type StreamEntry } from '@goldstream/release';
import { DEFAULT_TIMEOUT, type TrustedRelease } from '@goldstream/transfer';
import { ReceiverError } from '../error.ts';
import { demandSpace } from '../space/demand-space.ts';
import { freeableOf } from '../space/freeable.ts';
import { needOf } from '../space/need.ts';
import { CONCLUDE } from '../transaction/step.ts';
import { demandRelease } from './demand-release.ts';
import type { ReceiveFacts } from './facts.ts';
import { guardPolicy } from './guard-policy.ts';
import type { LocalInput } from './local-input.ts';
import type { ReceiveWish } from './plan-receive.ts';
import type { ReceiveStep, StreamParent, StreamSource } from './step.ts';

/** Which stream is received, and from where. */
interface Choice {
  readonly source: StreamSource;
  /** The streams that it may be. */
  readonly streams: readonly StreamEntry[];
  readonly says: string;
  readonly how: string;
}

/** Receives a version that is not here: notes it, makes it under a temporary name, proves it, names and records it. */
export function streamSteps(facts: ReceiveFacts, { timeout = DEFAULT_TIMEOUT }: ReceiveWish): ReceiveStep[] {
  const { host, version, newestId, allow, input } = facts;
  const release = demandRelease(facts);
  const { manifest } = release;
  const { source, streams, says, how } =
    input === undefined ? fromStore(facts, release) : fromInput(facts, input, manifest);
  demandRoom(facts, manifest, streams);
  const { layout } = host;
  const incoming = { name: facts.incoming, newestIdBefore: newestId };
  return [
    {
      kind: 'intend',
      says: `note that ${version} is being received`,
      intent: { kind: 'receiving', version, incoming: facts.incoming, newestIdBefore: newestId },
    },
    {
      kind: 'receive-stream',
      says: `receive ${version}: ${says}`,
      release,
      source,
      parents: streams.map((stream) => parentOf(facts, stream)),
      into: layout.deploy,
      incoming,
      policy: guardPolicy(manifest.policy, allow),
      timeout,
    },
    {
      kind: 'record-received',
      says: `sync, look at it, name it ${layout.version(version)}, record it as received`,
      release,
      incoming,
      how,
    },
    CONCLUDE,
  ];
}

function fromStore(facts: ReceiveFacts, { manifest }: TrustedRelease): Choice {
  const { stream, bytes, reason } = choose(facts, manifest);
  return {
    source: { kind: 'store', url: storeFor(facts, stream) },
    streams: [stream],
    says: `${formatBytes(bytes)}, ${reason}`,
    how: describeStream(stream),
  };
}

/** Published assets are known by their names; all else by what the stream says of itself when it comes. */
function fromInput(facts: ReceiveFacts, { files, names }: LocalInput, manifest: ReleaseManifest): Choice {
  const published = manifest.streams.find(({ assets }) =>
    isDeepEqual(
      assets.map(({ name }) => name),
      names,
    ),
  );
  const usable = (published === undefined ? manifest.streams : [published]).filter((stream) => isUsable(facts, stream));
  if (usable.length === 0) {
    const parents = (published === undefined ? manifest.streams : [published]).flatMap((stream) =>
      stream.kind === 'full' ? [] : [stream.parent.version],
    );
    throw new ReceiverError(
      'RECEIVE_NO_STREAM',
      `a stream of ${manifest.version} builds on ${parents.join(' or ')}, which this host does not hold unchanged`,
      { hint: 'Receive that version first, or give the full stream.' },
    );
  }
  if (published !== undefined) {
    const says = `${describeStream(published)}, from ${files.join(', ')}`;
    return { source: { kind: 'assets', files }, streams: [published], says, how: describeStream(published) };
  }
  const where = files.length === 0 ? 'standard input' : files.join(', ');
  return {
    source: { kind: 'bytes', files },
    streams: usable,
    says: `from ${where}, its length and SHA-256 proven before it is finished`,
    how: files.length === 0 ? 'from standard input' : 'from a file',
  };
}

function isDeepEqual(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => name === other[index]);
}

function isUsable({ parents }: ReceiveFacts, stream: StreamEntry): boolean {
  return stream.kind === 'full' || parents.some(({ uuid }) => uuid === stream.parent.uuid);
}

function describeStream(stream: StreamEntry): string {
  return stream.kind === 'full' ? 'full' : `incremental from ${stream.parent.version}`;
}

/** What this host holds of what a stream builds on. The UUID decides, not the version's name. */
function parentOf({ parents, host }: ReceiveFacts, stream: StreamEntry): StreamParent | undefined {
  if (stream.kind === 'full') return undefined;
  const held = parents.find(({ uuid }) => uuid === stream.parent.uuid);
  if (held === undefined) throw new Error(`a stream on ${stream.parent.version} was chosen without it`);
  const { version, uuid, policy } = held;
  return { version, uuid, directory: host.layout.version(version), policy };
}

/** Whichever of the streams it turns out to be. */
function demandRoom(
  { version, host, room, keep }: ReceiveFacts,
  manifest: ReleaseManifest,
  streams: readonly StreamEntry[],
) {
  if (room === undefined) return;
  const freeable = freeableOf(host, keep, room);
  for (const stream of streams) {
    demandSpace(room, { what: version, pool: host.layout.pool, need: needOf(manifest, stream) }, freeable);
  }
}

/** What `fetch` has kept comes first: it costs no download and needs no store. */
function choose(facts: ReceiveFacts, manifest: ReleaseManifest): StreamChoice {
  const kept = manifest.streams.filter((stream) => isKept(facts, stream) && isUsable(facts, stream));
  if (kept.length === 0) return chooseStream(manifest, facts.parents);
  const choice = chooseStream({ ...manifest, streams: kept }, facts.parents);
  const what = choice.stream.kind === 'full' ? 'full stream' : describeStream(choice.stream);
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
    { hint: `Write store: dir:/PATH into ${host.layout.config}, or give --store dir:/PATH.` },
  );
}

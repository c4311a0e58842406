import { formatBytes } from '@goldstream/cli';
import type { Plan } from '@goldstream/plan';
import type { Version } from '@goldstream/release';
import type { RecordedSnapshot } from '../snapshot/find-snapshot.ts';
import type { StreamRecord } from '../state/records.ts';
import type { SendFacts, SendSettings, WantedStream } from './facts.ts';

/** Makes one stream and its record. */
export interface SendStreamStep extends SendSettings {
  readonly kind: 'send-stream';
  readonly says: string;
  readonly application: string;
  readonly version: Version;
  readonly snapshot: { readonly path: string; readonly uuid: string };
  /** Undefined for the full stream. */
  readonly parent: { readonly version: Version; readonly path: string; readonly uuid: string } | undefined;
  /** Directory of the assets. */
  readonly into: string;
  readonly record: string;
  /** Apparent size of the snapshot for a full stream; how large an incremental gets is not known before. */
  readonly expectedBytes: number | undefined;
}

/** Makes the streams that are missing, or were made with other settings. */
export function planSend(facts: SendFacts): Plan<SendStreamStep> {
  const missing = facts.wanted.filter((stream) => !isCurrent(stream, facts));
  return {
    goal: `send streams of ${facts.version} in ${facts.layout.assets(facts.version)}`,
    steps: missing.map(({ parent }) => sendStep(facts, parent)),
  };
}

/** Whether a stream that exists is exactly what sending again would give. */
function isCurrent({ parent, existing }: WantedStream, { snapshot, settings }: SendFacts): boolean {
  if (existing === undefined || existing.snapshot.uuid !== snapshot.record.uuid) return false;
  if (existing.level !== settings.level || existing.partSize !== settings.partSize) return false;
  return parentUuid(existing) === parent?.record.uuid;
}

function parentUuid({ stream }: StreamRecord): string | undefined {
  return stream.kind === 'full' ? undefined : stream.parent.uuid;
}

function sendStep(
  { layout, version, snapshot, settings }: SendFacts,
  parent: RecordedSnapshot | undefined,
): SendStreamStep {
  const manner = parent === undefined ? `in full (about ${formatBytes(snapshot.record.bytes)})` : incrementally(parent);
  return {
    kind: 'send-stream',
    says: `send ${version} ${manner}, zstd level ${settings.level}`,
    application: layout.application,
    version,
    snapshot: { path: snapshot.path, uuid: snapshot.record.uuid },
    parent: parent && { version: parent.record.version, path: parent.path, uuid: parent.record.uuid },
    ...settings,
    into: layout.assets(version),
    record: layout.streamRecord(version, parent?.record.version),
    expectedBytes: parent === undefined ? snapshot.record.bytes : undefined,
  };
}

function incrementally({ record }: RecordedSnapshot): string {
  return `as what differs from ${record.version}`;
}

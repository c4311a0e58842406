import { changesNames, newest, type Version } from '@goldstream/release';
import type { SendFacts } from '../send/facts.ts';

/** Writes what a version changes, as its incremental stream says. */
export interface WriteChangesStep {
  readonly kind: 'write-changes';
  readonly says: string;
  readonly application: string;
  readonly version: Version;
  readonly parent: Version;
  /** Of the incremental stream on that parent. */
  readonly record: string;
  /** Directory of the assets, the stream's among them. */
  readonly into: string;
  /** Names of what is written. */
  readonly files: { readonly json: string; readonly markdown: string };
}

/** Changes are told since the newest of the parents; a release that has none has no changes. */
export function changesSteps({ layout, version, wanted }: SendFacts): readonly WriteChangesStep[] {
  const { application } = layout;
  const parent = newest(
    wanted.flatMap((stream) => (stream.parent === undefined ? [] : [stream.parent.record.version])),
  );
  if (parent === undefined) return [];
  return [
    {
      kind: 'write-changes',
      says: `write which files differ from ${parent}`,
      application,
      version,
      parent,
      record: layout.streamRecord(version, parent),
      into: layout.assets(version),
      files: changesNames(application, version),
    },
  ];
}

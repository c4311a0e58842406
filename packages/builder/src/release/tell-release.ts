import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { changesNames, manifestName, parseManifest, type StreamEntry, type Version } from '@goldstream/release';
import type { ReleasePage } from '@goldstream/store';
import { findReports } from '../delta/find-reports.ts';
import type { DeltaReport } from '../delta/report.ts';
import { demandStore } from '../demand-store.ts';
import { exists } from '../pool/exists.ts';
import type { Tools } from '../tools.ts';
import { gatherRelease, type ReleaseWish } from './facts.ts';

/** A release that is published, or left as a draft. */
export interface ToldRelease {
  readonly store: string;
  readonly version: Version;
  /** Of the manifest's bytes, lower-case hexadecimal. */
  readonly manifestSha256: string;
  readonly streams: readonly StreamEntry[];
  readonly deltas: readonly DeltaReport[];
  /** File that lists what changed, for people; none in a first release. */
  readonly changes?: string;
  /** Where people find it, in a store that has pages. */
  readonly page?: ReleasePage;
}

/**
 * Tells what became of a release: as the store has it, read again and believed as a host would; of a draft, what was
 * brought there.
 *
 * @param examined parents from which an incremental was made, worth offering or not
 */
export async function tellRelease(
  tools: Tools,
  version: Version,
  { to, draft, key, examined }: Pick<ReleaseWish, 'to' | 'draft' | 'key'> & { readonly examined: readonly Version[] },
): Promise<ToldRelease> {
  const { layout } = tools;
  const { application } = layout;
  const store = demandStore(tools, to);
  const wish = { to, draft, key, parents: { kind: 'last', count: 0 }, maxDelta: undefined } as const;
  const manifest =
    (await gatherRelease(tools, version, wish)).published?.signed.manifest ??
    (await readFile(join(layout.assets(version), manifestName(application, version))));
  const { streams } = parseManifest(manifest);
  const offered = streams.flatMap((stream) => (stream.kind === 'full' ? [] : [stream.parent.version]));
  const changes = join(layout.assets(version), changesNames(application, version).markdown);
  const page = await store.findPage?.(version);
  return {
    store: store.url,
    version,
    manifestSha256: createHash('sha256').update(manifest).digest('hex'),
    streams,
    deltas: await findReports(layout, version, [...new Set([...examined, ...offered])]),
    ...((await exists(changes)) ? { changes } : {}),
    ...(page === undefined ? {} : { page }),
  };
}

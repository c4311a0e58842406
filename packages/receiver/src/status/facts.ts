import { lstat, readdir, readlink } from 'node:fs/promises';
import type { Version } from '@goldstream/release';
import { type SpaceFacts, spaceOf } from '@goldstream/system';
import { type FoundHead, readStoredHead } from '../audit/trail-head.ts';
import { trailPathsOf } from '../audit/trail-site.ts';
import { gatherHost, type HostFacts } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { demandPrepared } from '../prepare/demand-ready.ts';
import { gatherTrust, type TrustStatus } from '../trust/tell-trust.ts';
import { gatherDrift, type VersionSeen } from './gather-drift.ts';

/** What `status` is told from. */
export interface StatusFacts {
  readonly host: HostFacts;
  /** Of every received version that is here. */
  readonly seen: ReadonlyMap<Version, VersionSeen>;
  readonly space: SpaceFacts;
  /** Where the audit trail ends, as stored beside it. */
  readonly audit: FoundHead;
  readonly trust: TrustStatus;
  /** The `current` link: its text, and when it was made (ISO 8601, UTC). */
  readonly current: { readonly text: string; readonly since: string } | undefined;
  /** Names in the pool's directories, recorded or not. */
  readonly names: Readonly<Record<'deploy' | 'overlay' | 'live', readonly string[]>>;
}

/**
 * Looks at a host. Costs the same whatever the size of what is deployed: records, directory listings, the mount table
 * and two short programs, and one more for each version that was touched since it was verified.
 * @throws ReceiverError `HOST_NOT_PREPARED`
 */
export async function gatherStatus(tools: Tools): Promise<StatusFacts> {
  const { runner, layout } = tools;
  await demandPrepared(layout);
  const [[host, seen], trust, audit, space, current, deploy, overlay, live] = await Promise.all([
    gatherHost(layout).then(async (found) => [found, await gatherDrift(tools, found)] as const),
    gatherTrust(tools),
    readStoredHead(trailPathsOf(layout).head),
    spaceOf(runner, layout.pool),
    lookAtLink(layout.current),
    namesIn(layout.deploy),
    namesIn(layout.overlay),
    namesIn(layout.live),
  ]);
  return { host, seen, trust, audit, space, current, names: { deploy, overlay, live } };
}

/** A switch renames a new link into place, so the link is as old as the switch. */
async function lookAtLink(path: string): Promise<StatusFacts['current']> {
  try {
    const [text, { mtime }] = await Promise.all([readlink(path), lstat(path)]);
    return { text, since: mtime.toISOString() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

import type { SubvolumeFacts } from '@goldstream/system';
import { readHostCtransid } from '@goldstream/transfer';
import type { Tools } from '../host/tools.ts';
import { findOwnSubvolume } from '../prune/own-subvolume.ts';
import type { ReceivedVersion } from '../state/records.ts';

/** What of a version can be seen without reading its contents. */
export interface Drift {
  /** Undefined: there is no subvolume that is certainly ours to judge. */
  readonly subvolume: SubvolumeFacts | undefined;
  /** Why it is not what was received; undefined: it is. */
  readonly problem: string | undefined;
}

/**
 * Compares a version's subvolume with its record: what Btrfs says of it, and its ctransid on this host, which every edit
 * moves and nothing sets back. Costs the first command of a `btrfs send --no-data`.
 */
export async function lookForDrift(tools: Tools, record: ReceivedVersion): Promise<Drift> {
  const path = tools.layout.version(record.version);
  const subvolume = await findOwnSubvolume(tools, path);
  if (subvolume === undefined) return { subvolume, problem: `is no subvolume of the pool: ${path}` };
  return { subvolume, problem: rootProblem(record, subvolume) ?? (await ctransidProblem(tools, record)) };
}

/** A version taken unsigned may be no received snapshot: then its own UUID was recorded, and transid 0. */
function rootProblem(record: ReceivedVersion, found: SubvolumeFacts): string | undefined {
  const source = found.receivedUuid ?? found.uuid;
  if (!found.readonly) return 'is writable, expected read-only';
  if (found.uuid !== record.subvolumeUuid) return `is subvolume ${found.uuid}, expected ${record.subvolumeUuid}`;
  if (source !== record.uuid) return `has received UUID ${found.receivedUuid ?? 'none'}, expected ${record.uuid}`;
  const transid = found.sendTransid ?? 0;
  if (transid !== record.transid) return `was sent at transid ${transid}, expected ${record.transid}`;
  return undefined;
}

/** Why the ctransid is not the recorded one; undefined: it is. */
export async function ctransidProblem(
  { runner, layout }: Tools,
  { version, hostCtransid }: ReceivedVersion,
): Promise<string | undefined> {
  const found = await readHostCtransid(runner, layout.version(version));
  if (found === hostCtransid) return undefined;
  return `was changed on this host: its ctransid is ${found}, it was ${hostCtransid} when it was received`;
}

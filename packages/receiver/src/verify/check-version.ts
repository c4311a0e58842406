import { createHash } from 'node:crypto';
import { CodedError } from '@goldstream/errors';
import type { ReleaseManifest } from '@goldstream/release';
import type { SubvolumeFacts } from '@goldstream/system';
import { readHostCtransid } from '@goldstream/transfer';
import { contentDigest } from '@goldstream/tree';
import type { Tools } from '../host/tools.ts';
import { findOwnSubvolume } from '../prune/own-subvolume.ts';
import { diskTroubleOf } from '../space/disk-trouble.ts';
import type { ReceivedVersion } from '../state/records.ts';
import { type Check, notOk, ok } from './check.ts';
import { judgeKeptManifest, readKeptManifest } from './kept-manifest.ts';

/**
 * Whether a version is what was received: its subvolume by what Btrfs knows of it, its manifest by its signature.
 * `deep` reads every byte of it and compares the content digest.
 */
export async function checkVersion(tools: Tools, record: ReceivedVersion, deep: boolean): Promise<readonly Check[]> {
  const { layout } = tools;
  const path = layout.version(record.version);
  const subvolume = await findOwnSubvolume(tools, path);
  const manifest = await checkManifest(tools, record);
  if (subvolume === undefined) {
    return [notOk('missing', record.version, 'subvolume', `${path} is no subvolume of the pool`), manifest.check];
  }
  const checks = [await checkSubvolume(tools, record, subvolume), manifest.check];
  return deep ? [...checks, await checkContent(tools, record, path, manifest.manifest)] : checks;
}

async function checkSubvolume({ runner }: Tools, record: ReceivedVersion, subvolume: SubvolumeFacts): Promise<Check> {
  const { version, hostCtransid } = record;
  const wrong = (says: string) => notOk('wrong', version, 'subvolume', says);
  const problem = subvolumeProblem(record, subvolume);
  if (problem !== undefined) return wrong(problem);
  const found = await readHostCtransid(runner, subvolume.path);
  if (found === hostCtransid) return ok(version, 'subvolume');
  return wrong(`was changed on this host: its ctransid is ${found}, it was ${hostCtransid} when it was received`);
}

/** A version taken unsigned may be no received snapshot: then its own UUID was recorded, and transid 0. */
function subvolumeProblem(record: ReceivedVersion, found: SubvolumeFacts): string | undefined {
  const source = found.receivedUuid ?? found.uuid;
  if (!found.readonly) return 'is writable, expected read-only';
  if (found.uuid !== record.subvolumeUuid) return `is subvolume ${found.uuid}, expected ${record.subvolumeUuid}`;
  if (source !== record.uuid) return `has received UUID ${found.receivedUuid ?? 'none'}, expected ${record.uuid}`;
  const transid = found.sendTransid ?? 0;
  if (transid !== record.transid) return `was sent at transid ${transid}, expected ${record.transid}`;
  return undefined;
}

interface JudgedManifest {
  readonly check: Check;
  readonly manifest?: ReleaseManifest;
}

async function checkManifest(tools: Tools, { version, manifestSha256 }: ReceivedVersion): Promise<JudgedManifest> {
  if (manifestSha256 === undefined) return { check: ok(version, 'manifest', 'none: it was taken without a signature') };
  const wrong = (says: string) => ({ check: notOk('wrong', version, 'manifest', says) });
  const signed = await readKeptManifest(tools.layout, version);
  if (signed === undefined) {
    const says = `${tools.layout.manifest(version)} or its signature is gone`;
    return { check: notOk('missing', version, 'manifest', says) };
  }
  const sha256 = createHash('sha256').update(signed.manifest).digest('hex');
  if (sha256 !== manifestSha256) return wrong(`has SHA-256 ${sha256}, expected ${manifestSha256}`);
  try {
    const { manifest } = await judgeKeptManifest(tools, version, signed);
    return { manifest, check: ok(version, 'manifest') };
  } catch (error) {
    if (error instanceof CodedError) return wrong(error.message);
    throw error;
  }
}

async function checkContent(
  { runner, io }: Tools,
  { version, contentDigest: recorded }: ReceivedVersion,
  path: string,
  manifest: ReleaseManifest | undefined,
): Promise<Check> {
  const expected = manifest?.snapshot.contentDigest ?? recorded;
  if (expected === undefined) return ok(version, 'content', 'not compared: no manifest says what it should be');
  let told = 0;
  const onProgress = ({ bytes }: { readonly bytes: number }) => {
    io.signal.throwIfAborted();
    io.progress.advance(bytes - told);
    told = bytes;
  };
  const size = manifest === undefined ? {} : { totalBytes: manifest.snapshot.bytes };
  io.progress.start({ label: `read ${version}`, ...size });
  try {
    const extraXattrs = manifest?.policy.xattrs ?? [];
    const { digest } = await contentDigest(path, { runner, onProgress, extraXattrs });
    if (digest === expected) return ok(version, 'content');
    return notOk('wrong', version, 'content', `its content digest is ${digest}, expected ${expected}`);
  } catch (error) {
    if (diskTroubleOf(error) !== 'failing') throw error;
    return notOk('wrong', version, 'content', `cannot be read: ${error instanceof Error ? error.message : error}`);
  } finally {
    io.progress.stop();
  }
}

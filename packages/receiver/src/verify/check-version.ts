import { createHash } from 'node:crypto';
import { CodedError } from '@goldstream/errors';
import type { ReleaseManifest, Version } from '@goldstream/release';
import { contentDigest } from '@goldstream/tree';
import type { Tools } from '../host/tools.ts';
import { diskTroubleOf } from '../space/disk-trouble.ts';
import type { ReceivedVersion } from '../state/records.ts';
import { type Check, notOk, ok } from './check.ts';
import { lookForDrift } from './drift.ts';
import { judgeKeptManifest, readKeptManifest } from './kept-manifest.ts';

/** What was found of a version. */
export interface VersionChecks {
  readonly checks: readonly Check[];
  /** Its generation, when its ctransid was the recorded one. */
  readonly unchangedAt: number | undefined;
  /** What `deep` read; undefined when it did not, or had nothing to compare it with. */
  readonly content: Content | undefined;
}

/** `digest` is missing when not everything could be read. */
interface Content {
  readonly check: Check;
  readonly digest?: string;
}

/**
 * Whether a version is what was received: its subvolume by what Btrfs knows of it, its manifest by its signature.
 * `deep` reads every byte of it and compares the content digest.
 */
export async function checkVersion(tools: Tools, record: ReceivedVersion, deep: boolean): Promise<VersionChecks> {
  const { version } = record;
  const { subvolume, problem } = await lookForDrift(tools, record);
  const { check, manifest } = await checkManifest(tools, record);
  const unchangedAt = problem === undefined ? subvolume?.generation : undefined;
  const verdict = subvolume === undefined ? 'missing' : 'wrong';
  const checks = [
    problem === undefined ? ok(version, 'subvolume') : notOk(verdict, version, 'subvolume', problem),
    check,
  ];
  if (!deep || subvolume === undefined) return { checks, unchangedAt, content: undefined };
  const expected = manifest?.snapshot.contentDigest ?? record.contentDigest;
  if (expected === undefined) {
    const nothing = ok(version, 'content', 'not compared: no manifest says what it should be');
    return { checks: [...checks, nothing], unchangedAt, content: undefined };
  }
  const content = await checkContent(tools, version, { expected, manifest });
  return { checks: [...checks, content.check], unchangedAt, content };
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
  { runner, layout, io }: Tools,
  version: Version,
  { expected, manifest }: { readonly expected: string; readonly manifest: ReleaseManifest | undefined },
): Promise<Content> {
  let told = 0;
  const onProgress = ({ bytes }: { readonly bytes: number }) => {
    io.signal.throwIfAborted();
    io.progress.advance(bytes - told);
    told = bytes;
  };
  const size = manifest === undefined ? {} : { totalBytes: manifest.snapshot.bytes };
  const wrong = (says: string) => notOk('wrong', version, 'content', says);
  io.progress.start({ label: `read ${version}`, ...size });
  try {
    const extraXattrs = manifest?.policy.xattrs ?? [];
    const { digest } = await contentDigest(layout.version(version), { runner, onProgress, extraXattrs });
    if (digest === expected) return { check: ok(version, 'content'), digest };
    return { check: wrong(`its content digest is ${digest}, expected ${expected}`), digest };
  } catch (error) {
    if (diskTroubleOf(error) !== 'failing') throw error;
    return { check: wrong(`cannot be read: ${error instanceof Error ? error.message : error}`) };
  } finally {
    io.progress.stop();
  }
}

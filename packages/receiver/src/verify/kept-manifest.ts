import { readFile } from 'node:fs/promises';
import { signatureName, type Version } from '@goldstream/release';
import type { SignedManifest } from '@goldstream/store';
import type { TrustedRelease } from '@goldstream/transfer';
import type { Layout } from '../host/layout.ts';
import type { Tools } from '../host/tools.ts';
import { readKeptBelief } from '../trust/belief.ts';
import { judgeBySignature, judgeRelease } from '../trust/judge-release.ts';

/** The signed manifest that was kept when a version was received; undefined when either file is not there. */
export async function readKeptManifest(layout: Layout, version: Version): Promise<SignedManifest | undefined> {
  const path = layout.manifest(version);
  const [manifest, signature] = await Promise.all([path, signatureName(path)].map(readIfThere));
  return manifest && signature && { manifest, signature };
}

/**
 * Judges a kept manifest again, by the keys and the channel that this host believed last. Nobody is asked.
 * @throws ReleaseError `RELEASE_UNTRUSTED`, and those of `judgeRelease`
 */
export async function judgeKeptManifest(
  tools: Tools,
  version: Version,
  signed: SignedManifest,
): Promise<TrustedRelease> {
  const { keys, channel } = await readKeptBelief(tools);
  const isNamed = channel?.channel.releases.some((one) => one.version === version);
  // What a channel no longer speaks of is still what somebody signed.
  return isNamed
    ? judgeRelease(tools, { keys, channel }, version, signed)
    : judgeBySignature(tools, keys, version, signed);
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

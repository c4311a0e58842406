import { readFile } from 'node:fs/promises';
import { signatureName, type Version } from '@goldstream/release';
import type { SignedManifest } from '@goldstream/store';
import { type TrustedRelease, trustRelease } from '@goldstream/transfer';
import type { Layout } from '../host/layout.ts';
import type { Tools } from '../host/tools.ts';
import { trustOf } from '../receive/find-release.ts';

/** The signed manifest that was kept when a version was received; undefined when either file is not there. */
export async function readKeptManifest(layout: Layout, version: Version): Promise<SignedManifest | undefined> {
  const path = layout.manifest(version);
  const [manifest, signature] = await Promise.all([path, signatureName(path)].map(readIfThere));
  return manifest && signature && { manifest, signature };
}

/**
 * Judges a kept manifest again, by the keyring as it is now.
 * @throws ReleaseError `RELEASE_UNTRUSTED`, and those of `trustRelease`
 */
export async function judgeKeptManifest(
  tools: Tools,
  version: Version,
  signed: SignedManifest,
): Promise<TrustedRelease> {
  const { application } = tools.layout;
  return trustRelease(tools.runner, { application, version }, signed, trustOf(tools));
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

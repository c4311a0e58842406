import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type AnnouncedKey,
  type Channel,
  channelFileName,
  type KeysDocument,
  type KeysPointer,
  keysFileName,
  manifestName,
  openChannel,
  openKeys,
  parseVersion,
  renderChannel,
  renderKeys,
  signatureName,
} from '@goldstream/release';
import {
  clearSign,
  createKey,
  exportPublicKey,
  type GpgHome,
  listSecretKeys,
  signDetached,
  systemRunner,
} from '@goldstream/system';
import { copyStore } from './copied-store.ts';
import type { ReleasedShop } from './released-shop.ts';

/** Who publishes a shop's channel and keys, in a copy of its store; or who holds one of its keys and does worse. */
export interface Publisher {
  readonly application: string;
  /** Directory and URL of the store's copy. */
  readonly at: string;
  readonly url: string;
  /** Fingerprint of the key that signed the shop's releases. */
  readonly key: string;
  /** A new key's fingerprint. */
  makeKey(name: string): Promise<string>;
  /** The binary public key, in a file. */
  exportKey(fingerprint: string): Promise<string>;
  /** A channel that offers what the store has, now for 30 days; `change` is what is special about it. */
  channel(change?: Partial<Channel>): Promise<Channel>;
  /** Puts a channel into the store; `as`: under the name of another one. */
  publish(channel: Channel, signing?: { readonly by?: readonly string[]; readonly as?: string }): Promise<void>;
  /** Signs a release's manifest anew. */
  signRelease(version: string, by: readonly string[]): Promise<void>;
  /** The first keys document. */
  openKeys(fingerprints: readonly string[]): Promise<KeysDocument>;
  announce(fingerprint: string): Promise<AnnouncedKey>;
  /** Puts a keys document into the store. */
  publishKeys(document: KeysDocument, by: readonly string[]): Promise<KeysPointer>;
}

const OFFERED = ['v1.0.0', 'v1.1.0', 'v1.2.0', 'v1.3.0'].map(parseVersion);

/** A publisher with a copy of the shop's store in `directory`, and with the keys of the shop's builder. */
export async function publisherOf(shop: ReleasedShop, directory: string): Promise<Publisher> {
  const { application } = shop;
  const { url } = await copyStore(shop, directory);
  const at = join(directory, 'copied-store');
  const path = join(dirname(shop.store), 'builder/var/lib/goldstream', application, 'state/gnupg');
  const home: GpgHome = { kind: 'ours', path };
  const [first] = await listSecretKeys(systemRunner, home);
  if (first === undefined) throw new RangeError(`no key in ${path}`);
  const key = first.fingerprint;

  const exportKey = async (fingerprint: string) => {
    const to = join(directory, `${fingerprint}.gpg`);
    await exportPublicKey(systemRunner, home, fingerprint, { armor: false, to, minimal: true });
    return to;
  };
  const announce = async (fingerprint: string) => ({
    fingerprint,
    publicKey: (await readFile(await exportKey(fingerprint))).toString('base64'),
  });
  const sign = (text: string, signers: readonly string[]) => clearSign(systemRunner, home, { signers, text });
  return {
    application,
    at,
    url,
    key,
    makeKey: async (name) => (await createKey(systemRunner, home, `${name} <${name}@example.org>`, '1y')).fingerprint,
    exportKey,
    announce,
    channel: async (change = {}) => {
      const releases = await Promise.all(
        OFFERED.map(async (version) => ({
          version,
          manifestSha256: sha256Of(await readFile(join(at, version, manifestName(application, version)))),
        })),
      );
      const [release] = releases;
      if (release === undefined) throw new RangeError('nothing is offered');
      const opened = openChannel({ application, channel: 'stable', release }, { now: new Date() });
      return { ...opened, releases, current: parseVersion('v1.3.0'), ...change };
    },
    publish: async (channel, { by = [key], as = channel.channel } = {}) =>
      writeFile(join(at, channelFileName(application, as)), await sign(renderChannel(channel), by)),
    signRelease: async (version, by) => {
      const file = join(at, version, manifestName(application, parseVersion(version)));
      const signature = signatureName(file);
      await rm(signature);
      await signDetached(systemRunner, home, { signers: by, file, signature });
    },
    openKeys: async (fingerprints) => {
      const keys = await Promise.all(fingerprints.map(announce));
      return openKeys({ application, keys }, { now: new Date(), reason: 'the first' });
    },
    publishKeys: async (document, by) => {
      const text = renderKeys(document);
      await writeFile(join(at, keysFileName(application, document.number)), await sign(text, by));
      return { number: document.number, sha256: sha256Of(Buffer.from(text)) };
    },
  };
}

/** A key of somebody else, and what it signs. */
export async function strangerSigns(text: string): Promise<Uint8Array> {
  const directory = await mkdtemp(join(tmpdir(), 'stranger-'));
  const home: GpgHome = { kind: 'ours', path: join(directory, 'gnupg') };
  try {
    const { fingerprint } = await createKey(systemRunner, home, 'Stranger <stranger@example.org>', '1y');
    return await clearSign(systemRunner, home, { signers: [fingerprint], text });
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** A time so many days from now, as documents write it. */
export function daysFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

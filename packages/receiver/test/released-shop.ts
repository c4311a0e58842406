import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseManifest, type ReleaseManifest } from '@goldstream/release';
import { cli } from '@goldstream/testing';
import { demandDone } from './demand-done.ts';

/** A recipe, the builder that releases it, and the store that it releases to. */
export interface ReleasedShop {
  readonly application: string;
  readonly store: string;
  /** Keyring with the builder's public key, as `prepare --key` takes it. */
  readonly key: string;
  /** Writes a file of the recipe. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** Removes a file of the recipe. */
  remove(path: string): Promise<void>;
  /** golden update → snapshot → release, through the builder's command line. */
  release(version: string): Promise<ReleaseManifest>;
}

/** Which recipe is built, and where. */
export interface ShopPlan {
  readonly application: string;
  /** Copied: a test changes its recipe as it likes. */
  readonly recipe: string;
  /** An empty directory for the builder and its pool, recipe, store and key. */
  readonly directory: string;
}

const BUILDER = cli(fileURLToPath(new URL('../../builder/src/main.ts', import.meta.url)));

/**
 * Makes builder, key and store for a recipe; nothing is released yet. The builder's pool stays mounted below
 * `directory`: who made that directory unmounts it.
 */
export async function openShop({ application, recipe: source, directory }: ShopPlan): Promise<ReleasedShop> {
  const [root, recipe, store, key] = ['builder', 'recipe', 'store', 'public.gpg'].map((name) =>
    join(directory, name),
  ) as [string, string, string, string];
  const builder = async (...args: readonly string[]) => {
    // The caller's own keys and dates have no place in a test.
    const env = { GNUPGHOME: '', SOURCE_DATE_EPOCH: '' };
    return demandDone(await BUILDER.run(['--root', root, '--recipe', recipe, ...args], { env }));
  };
  await cp(source, recipe, { recursive: true });
  await mkdir(root);
  await mkdir(store);
  await builder('init', '--size', '512MiB');
  await builder('keys', 'create');
  await builder('keys', 'export', '--out', key);
  return {
    application,
    store,
    key,
    write: async (path, content) => {
      await mkdir(dirname(join(recipe, path)), { recursive: true });
      await writeFile(join(recipe, path), content, { mode: String(content).startsWith('#!') ? 0o755 : 0o644 });
    },
    remove: (path) => rm(join(recipe, path)),
    release: async (version) => {
      await builder('golden', 'update');
      await builder('snapshot', version);
      await builder('release', version, '--to', `dir:${store}`);
      return parseManifest(await readFile(join(store, version, `${application}-${version}.manifest.json`)));
    },
  };
}

/** The recipe of a small application that uses every type of file and brings a unit. */
export async function writeShopRecipe(directory: string): Promise<string> {
  for (const [path, content] of Object.entries(SHOP)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
  await writeFile(join(directory, 'core/data'), randomBytes(1024 * 1024));
  return directory;
}

/** The manifest of `core`, with and without what its second version leaves out and brings. */
export function coreManifest(...files: readonly string[]): string {
  return `stage: 1
component: core
version: 1.0.0
description: The core of the shop
files:
  - { path: bin/shop, target: /usr/local/bin/shop, type: symlink }
  - { path: share, target: /usr/share/shop, type: directory }
  - { path: etc/shop.conf, target: /etc/shop/shop.conf, type: copy, mode: 0640 }
  - { path: etc/till.conf, target: /etc/shop/till.conf, type: copy }
  - { path: etc/state.json, target: /etc/shop/state.json, type: copy-if-not-exists }
${files.map((file) => `  - ${file}\n`).join('')}`;
}

/** In the first version only. */
export const MOTD = '{ path: etc/motd, target: /etc/shop/motd, type: copy }';
/** From the second version on. */
export const ADMIN = '{ path: bin/admin, target: /usr/local/bin/shop-admin, type: symlink }';

const SHOP = {
  'golden.yaml': 'application: shop\nsources:\n  - directory: core\n  - directory: web\npartSize: 5MiB\nlevel: 1\n',
  'core/manifest.yaml': coreManifest(MOTD),
  'core/bin/shop': '#!/bin/sh\necho 1.0.0\n',
  'core/share/page': 'one\n',
  'core/etc/shop.conf': 'colour = blue\n',
  'core/etc/till.conf': 'tills = 1\n',
  'core/etc/state.json': '{}\n',
  'core/etc/motd': 'welcome\n',
  'web/manifest.yaml': `stage: 2
component: web
version: 1.0.0
description: A service of the shop
files:
  - { path: shop.service, target: /etc/systemd/system/shop.service, type: systemd-unit }
services: [shop.service]
dependencies:
  - component: core
`,
  'web/shop.service': '[Service]\nExecStart=/usr/local/bin/shop\n[Install]\nWantedBy=multi-user.target\n',
};

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { cacheDirectory } from '../cache-directory.ts';

/** What a target host of our application has, and what Node needs to run in it. */
const PACKAGES = [
  'attr',
  'btrfs-progs',
  'ca-certificates',
  'dbus',
  'e2fsprogs',
  'gpg',
  'gpgv',
  'iproute2',
  'libstdc++6',
  'openvswitch-switch',
  'procps',
  'python3',
  'systemd',
  'systemd-sysv',
  'zstd',
];

/** Run in the new root file system (`"$1"`); they belong to the image's key, so a change makes a new image. */
const CUSTOMIZE = [
  // Every host of a test makes its own identity at its first boot.
  'rm -f "$1/etc/hostname" && : > "$1/etc/machine-id"',
  // The components bring Open vSwitch's units; the distribution's own must not start before them.
  'chroot "$1" systemctl mask openvswitch-switch.service ovs-record-hostname.service e2scrub_reap.service',
];

/** Where a distribution keeps its own list of mirrors; third parties' lists are not wanted in a test host. */
const SOURCES = [
  '/etc/apt/sources.list',
  '/etc/apt/sources.list.d/debian.sources',
  '/etc/apt/sources.list.d/ubuntu.sources',
];

/** Sparse; the root file system takes about 400 MiB of it. */
const IMAGE_SIZE = 2 * 1024 ** 3;

/**
 * Path of the root image: an ext4 file with the distribution of this machine and systemd in it, kept in the cache
 * under a key of everything it is made from. It is there after {@link makeRootImage}.
 */
export async function rootImage(): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify([await codename(), process.arch, PACKAGES, CUSTOMIZE, IMAGE_SIZE]))
    .digest('hex')
    .slice(0, 16);
  return join(await cacheDirectory(), `systemd-root-${key}.ext4`);
}

/** Makes the root image unless it is there: minutes the first time, nothing afterwards. Needs root and mmdebstrap. */
export async function makeRootImage(): Promise<string> {
  const image = await rootImage();
  if (existsSync(image)) return image;
  await mkdir(await cacheDirectory(), { recursive: true });
  const work = await mkdtemp(`${image}.`);
  try {
    const root = join(work, 'root');
    const unfinished = join(work, 'image');
    await systemRunner.capture([
      'mmdebstrap',
      '--quiet',
      '--variant=minbase',
      `--include=${PACKAGES.join(',')}`,
      '--aptopt=APT::Install-Recommends "false"',
      ...CUSTOMIZE.map((hook) => `--customize-hook=${hook}`),
      await codename(),
      root,
      ...(await mirrorLists()),
    ]);
    await writeFile(unfinished, '');
    await truncate(unfinished, IMAGE_SIZE);
    await systemRunner.capture(['mke2fs', '-q', '-t', 'ext4', '-d', root, unfinished]);
    await rename(unfinished, image);
    return image;
  } finally {
    await rm(work, { recursive: true });
  }
}

/** Those that name a mirror: the ones of the other format are often there with nothing but a comment. */
async function mirrorLists(): Promise<string[]> {
  const texts = await Promise.all(SOURCES.map((file) => readFile(file, 'utf8').catch(() => '')));
  return SOURCES.filter((_, index) => /^(deb |Types:)/m.test(texts[index] ?? ''));
}

/** `bookworm`, `noble`: os-release(5). */
async function codename(): Promise<string> {
  return /^VERSION_CODENAME="?([^"\n]*)/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1] ?? 'stable';
}

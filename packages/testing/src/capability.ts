import { access, readFile } from 'node:fs/promises';
import { TestingError } from './error.ts';
import { MACHINE_KERNEL } from './machine/machine.ts';
import { rootImage } from './systemd/root-image.ts';

/** Something of the machine that a test needs and no package manager can bring. */
export interface Capability {
  /** How a skipped or failed test calls it. */
  readonly name: string;
  readonly isThere: () => Promise<boolean>;
}

/** What the tests of this project ask of the machine. */
export const CAPABILITIES = {
  root: { name: 'root', isThere: async () => process.geteuid?.() === 0 },
  loop: { name: 'loop devices', isThere: () => exists('/dev/loop-control') },
  btrfs: { name: 'Btrfs in the kernel', isThere: () => hasFilesystem('btrfs') },
  overlay: { name: 'overlayfs in the kernel', isThere: () => hasFilesystem('overlay') },
  nspawn: { name: 'systemd-nspawn', isThere: () => exists('/usr/bin/systemd-nspawn') },
  openssl: { name: 'the openssl program', isThere: () => exists('/usr/bin/openssl') },
  fuse: { name: 'FUSE', isThere: () => exists('/dev/fuse') },
  storageDaemon: { name: 'qemu-storage-daemon', isThere: () => exists('/usr/bin/qemu-storage-daemon') },
  nbdkit: { name: 'nbdkit', isThere: () => exists('/usr/bin/nbdkit') },
  userModeLinux: {
    name: 'User Mode Linux (scripts/install-needs.sh test-long)',
    isThere: () => exists(MACHINE_KERNEL),
  },
  rootImage: {
    name: 'the root file system of systemd hosts (scripts/test.sh makes it)',
    isThere: async () => exists(await rootImage()),
  },
} as const satisfies Record<string, Capability>;

/** What a Btrfs of a test's own needs. */
export const FOR_BTRFS: readonly Capability[] = [CAPABILITIES.root, CAPABILITIES.loop, CAPABILITIES.btrfs];

/** What a disk needs whose writes are logged. */
export const FOR_LOGGED_DISK: readonly Capability[] = [...FOR_BTRFS, CAPABILITIES.fuse, CAPABILITIES.storageDaemon];

/** What a disk needs that fails on demand. */
export const FOR_FAILING_DISK: readonly Capability[] = [...FOR_LOGGED_DISK, CAPABILITIES.nbdkit];

/** What a systemd host of a test's own needs. */
export const FOR_SYSTEMD_HOST: readonly Capability[] = [
  ...FOR_BTRFS,
  CAPABILITIES.overlay,
  CAPABILITIES.nspawn,
  CAPABILITIES.rootImage,
];

/** What a whole machine of a test's own needs. */
export const FOR_WHOLE_MACHINE: readonly Capability[] = [
  ...FOR_BTRFS,
  CAPABILITIES.rootImage,
  CAPABILITIES.userModeLinux,
];

/**
 * Goes on when every capability is there. Otherwise the test is skipped by the name of what is missing, and fails
 * with `TESTING_CAPABILITY_MISSING` where the environment variable `CI` is set: a skipped test proves nothing there.
 *
 * @param skip the test context's own, which throws
 */
export async function requireOrSkip(skip: (note: string) => void, needed: readonly Capability[]): Promise<void> {
  for (const { name, isThere } of needed) {
    if (await isThere()) continue;
    const ci = process.env['CI'];
    if (ci !== undefined && ci !== '' && ci !== 'false') {
      throw new TestingError(
        'TESTING_CAPABILITY_MISSING',
        `missing on this machine: ${name}; in CI no test is skipped`,
      );
    }
    skip(`needs ${name}`);
  }
}

async function hasFilesystem(name: string): Promise<boolean> {
  const lines = (await readFile('/proc/filesystems', 'utf8')).split('\n');
  return lines.some((line) => line.split('\t')[1] === name);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

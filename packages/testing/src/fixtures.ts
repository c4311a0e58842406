import { test } from 'vitest';
import { FOR_BTRFS, FOR_SYSTEMD_HOST, requireOrSkip } from './capability.ts';
import { withBtrfs } from './loopback-btrfs.ts';
import { type SystemdHost, withSystemdHost } from './systemd/systemd-host.ts';
import { withTemporaryDirectory } from './temporary-directory.ts';

/** `test` with a fresh directory in the `temporaryDirectory` fixture. */
export const directoryTest = test.extend<{ temporaryDirectory: string }>({
  // The empty pattern is vitest's way to say: this fixture needs no other.
  // biome-ignore lint/correctness/noEmptyPattern: see above
  temporaryDirectory: async ({}, use) => {
    await withTemporaryDirectory(use);
  },
});

/** `test` with a fresh, empty Btrfs in the `btrfs` fixture, see {@link withBtrfs}. Needs root and a loop device. */
export const btrfsTest = directoryTest.extend<{ btrfs: string }>({
  btrfs: async ({ skip }, use) => {
    await requireOrSkip(skip, FOR_BTRFS);
    await withBtrfs({}, use);
  },
});

/** `test` with a running host in the `systemdHost` fixture, see {@link withSystemdHost}. */
export const systemdTest = btrfsTest.extend<{ systemdHost: SystemdHost }>({
  systemdHost: async ({ skip }, use) => {
    await requireOrSkip(skip, FOR_SYSTEMD_HOST);
    await withSystemdHost({}, use);
  },
});

import { test } from 'vitest';
import { CAPABILITIES, requireOrSkip } from './capability.ts';
import { withBtrfs } from './loopback-btrfs.ts';
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
    await requireOrSkip(skip, CAPABILITIES.root, CAPABILITIES.loop, CAPABILITIES.btrfs);
    await withBtrfs({}, use);
  },
});

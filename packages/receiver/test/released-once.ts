import { withTemporaryDirectory } from '@goldstream/testing';
import type { ReleasedShop } from './released-shop.ts';

type Once = () => Promise<ReleasedShop>;

/** A fixture for all tests of a file: a shop that is made at the first question, which only a test asks that can run. */
export function releasedOnce(
  make: (directory: string) => Promise<ReleasedShop>,
): [(_: object, use: (once: Once) => Promise<void>) => Promise<void>, { scope: 'file' }] {
  return [
    // biome-ignore lint/correctness/noEmptyPattern: vitest's way to say that this fixture needs no other
    async ({}, use) => {
      await withTemporaryDirectory(async (directory) => {
        let made: Promise<ReleasedShop> | undefined;
        await use(() => (made ??= make(directory)));
      });
    },
    { scope: 'file' },
  ];
}

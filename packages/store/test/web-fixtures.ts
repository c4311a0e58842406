import { respond, type WebServer, withWebServer } from '@goldstream/testing';
import { test } from 'vitest';
import type { Store } from '../src/index.ts';
import { webStore } from '../src/web/web-store.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { APPLICATION } from './release-files.ts';

export const ASSET = 'app-v1.3.0.full.btrfs.zst';
export const ASSET_PATH = `/releases/v1.3.0/${ASSET}`;

/** `test` with a server, and a web store below its `/releases` that knows no other time than `clock`. */
export const webTest = test.extend<{ server: WebServer; clock: FakeClock; store: Store }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest's way to say that this fixture needs no other.
  server: async ({}, use) => {
    await withWebServer({}, use);
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  clock: async ({}, use) => {
    await use(fakeClock());
  },
  store: async ({ server, clock }, use) => {
    await use(webStore(new URL(`${server.url}/releases`), APPLICATION, { clock, env: {} }));
  },
});

/** Requests for `ASSET` so far: method, range and condition. */
export function asked(server: WebServer): string[] {
  return server.requests
    .filter(({ path }) => path === ASSET_PATH)
    .map(({ method, headers }) =>
      [method, headers.range, headers['if-range']].filter((part) => part !== undefined).join(' '),
    );
}

export { respond };

import type { WebServer } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import type { FakeClock } from '../../test/fake-clock.ts';
import { APPLICATION, read } from '../../test/release-files.ts';
import { ASSET, ASSET_PATH, asked, respond, webTest } from '../../test/web-fixtures.ts';
import { webStore } from './web-store.ts';

const { file, held, inTurn, silent, status, trickling } = respond;

const TEXT = 'twenty-one bytes here';
const SIZE = TEXT.length;

describe('a server that takes its time', () => {
  webTest('is left when it sends nothing more, and asked for the rest', async ({ server, store, clock }) => {
    server.serve(
      ASSET_PATH,
      inTurn(
        held(SIZE, TEXT.slice(0, 5), () => clock.fireTimers()),
        file(TEXT),
      ),
    );
    expect(await read(store.openAsset('v1.3.0', ASSET))).toBe(TEXT);
    expect(clock.slept).toEqual([375]);
  });

  webTest('is given up when it never answers', async ({ server, store, clock }) => {
    server.serve(
      ASSET_PATH,
      silent(() => clock.fireTimers()),
    );
    await expect(store.assetSize('v1.3.0', ASSET)).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
      message: expect.stringContaining('sent nothing for 30 s; tried 6 times'),
    });
  });

  webTest('is given up when it sends byte after byte for ever', async ({ server, store, clock }) => {
    clock.msPerLook = 5_000;
    server.serve(ASSET_PATH, trickling(1e9));
    await expect(read(store.openAsset('v1.3.0', ASSET))).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
      message: expect.stringMatching(/sent \d+ bytes in 60 s, expected at least 65536; tried 6 times/),
    });
    await server.idle();
  });
});

describe('an abort', () => {
  const reason = new Error('asked to stop');

  function abortable(server: WebServer, clock: FakeClock) {
    const controller = new AbortController();
    const options = { signal: controller.signal, clock, env: {} };
    return { controller, store: webStore(new URL(`${server.url}/releases`), APPLICATION, options) };
  }

  webTest('ends the wait for an answer', async ({ server, clock }) => {
    const { controller, store } = abortable(server, clock);
    server.serve(
      ASSET_PATH,
      silent(() => controller.abort(reason)),
    );
    await expect(store.assetSize('v1.3.0', ASSET)).rejects.toBe(reason);
    await server.idle();
  });

  webTest('ends the wait for bytes', async ({ server, clock }) => {
    const { controller, store } = abortable(server, clock);
    server.serve(
      ASSET_PATH,
      held(SIZE, TEXT.slice(0, 5), () => controller.abort(reason)),
    );
    await expect(read(store.openAsset('v1.3.0', ASSET))).rejects.toBe(reason);
    await server.idle();
  });

  webTest('ends the pause between two tries', async ({ server, clock }) => {
    const { controller, store } = abortable(server, clock);
    clock.sleep = async (_, signal) => {
      controller.abort(reason);
      signal?.throwIfAborted();
    };
    server.serve(ASSET_PATH, status(503));
    await expect(store.assetSize('v1.3.0', ASSET)).rejects.toBe(reason);
    expect(asked(server)).toHaveLength(1);
  });

  webTest('lets nothing begin', async ({ server, clock }) => {
    const { controller, store } = abortable(server, clock);
    controller.abort(reason);
    await expect(read(store.openAsset('v1.3.0', ASSET))).rejects.toBe(reason);
    expect(server.requests).toEqual([]);
  });

  webTest('is what a reader does who leaves early: the connection is closed', async ({ server, store }) => {
    server.serve(ASSET_PATH, file(Buffer.alloc(64 * 1024 * 1024)));
    for await (const _ of store.openAsset('v1.3.0', ASSET)) break;
    await server.idle();
  });
});

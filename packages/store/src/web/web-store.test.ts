import { withWebServer } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { aPublication, read, storeTest } from '../../test/release-files.ts';
import { ASSET, ASSET_PATH, asked, respond, webTest } from '../../test/web-fixtures.ts';
import { openStore } from '../open-store.ts';

const { answer, endless, file, gzipped, inTurn, redirect, status, times, withoutRanges } = respond;

const TEXT = 'twenty bytes, all in.';

describe('a web store', () => {
  webTest('warns when it is not encrypted', ({ server }) => {
    expect(openStore(server.url, 'app').warning).toContain('not encrypted');
    expect(openStore('https://example.org/r', 'app').warning).toBeUndefined();
  });

  storeTest('cannot be listed and cannot be published to', async ({ directory }) => {
    const store = openStore('https://example.org/r', 'app');
    await expect(store.listVersions()).rejects.toMatchObject({ code: 'STORE_NO_LISTING', exitCode: 7 });
    await expect(store.publish(await aPublication(directory))).rejects.toMatchObject({
      code: 'STORE_READ_ONLY',
      exitCode: 7,
    });
  });

  webTest('asks for bytes as they are, once, without a range', async ({ server, store }) => {
    server.serve(ASSET_PATH, file(TEXT, { etag: '"1"' }));
    expect(await read(store.openAsset('v1.3.0', ASSET))).toBe(TEXT);
    expect(asked(server)).toEqual(['GET']);
    expect(server.requests[0]?.headers).toMatchObject({ 'accept-encoding': 'identity' });
  });

  webTest('asks for the rest only, where it begins later', async ({ server, store }) => {
    server.serve(ASSET_PATH, file(TEXT));
    expect(await read(store.openAsset('v1.3.0', ASSET, { start: 7, end: 12 }))).toBe('bytes');
    expect(await read(store.openAsset('v1.3.0', ASSET, { start: 14 }))).toBe('all in.');
    expect(asked(server)).toEqual(['GET bytes=7-11', 'GET bytes=14-']);
  });

  webTest('skips what it did not ask for, where the server has no ranges', async ({ server, store }) => {
    server.serve(ASSET_PATH, withoutRanges(TEXT));
    expect(await read(store.openAsset('v1.3.0', ASSET, { start: 7, end: 12 }))).toBe('bytes');
  });

  webTest('uses its connections again', async ({ server, store }) => {
    server.serve(ASSET_PATH, file(TEXT));
    for (let round = 0; round < 5; round += 1) {
      await store.assetSize('v1.3.0', ASSET);
      await read(store.openAsset('v1.3.0', ASSET, { end: TEXT.length }));
    }
    // One for the size and one for the bytes: the second question comes before the first connection is free.
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  webTest('reads an endless file no further than it was asked to', async ({ server, store }) => {
    let sent = 0;
    server.serve(
      ASSET_PATH,
      endless((bytes) => {
        sent += bytes;
      }),
    );
    const text = await read(store.openAsset('v1.3.0', ASSET, { end: 100_000 }));
    expect(text).toHaveLength(100_000);
    // What fits into the buffers of two sockets.
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  webTest('reads a document afresh and within its limit, however long it is', async ({ server, store }) => {
    server.serve('/releases/app-stable.channel', endless());
    await expect(store.readDocument('app-stable.channel', 1000)).rejects.toMatchObject({
      code: 'STORE_LENGTH_MISMATCH',
      exitCode: 5,
    });
    expect(server.requests[0]?.headers).toMatchObject({ 'cache-control': 'no-cache' });
  });

  const redirects: [string, string, string][] = [
    ['in a circle', ASSET_PATH, 'more than 5 times'],
    ['to a file', 'file:///etc/passwd', 'to file:'],
    ['to another protocol', 'ftp://127.0.0.1/x', 'to ftp:'],
    ['to no address', 'http://[', 'to no address'],
    ['with a user name', 'http://geheim@127.0.0.1/', 'with a user name'],
  ];
  for (const [what, location, message] of redirects) {
    webTest(`refuses a redirect ${what}`, async ({ server, store, clock }) => {
      server.serve(ASSET_PATH, redirect(location));
      await expect(read(store.openAsset('v1.3.0', ASSET))).rejects.toMatchObject({
        code: 'STORE_BAD_REDIRECT',
        exitCode: 7,
        message: expect.stringContaining(message),
      });
      expect(clock.slept).toEqual([]);
    });
  }

  webTest('follows redirects, each time from the first address', async ({ server, store }) => {
    server.serve(ASSET_PATH, inTurn(redirect('/a?token=1'), redirect('/b?token=2')));
    server.serve('/a', respond.cutAfter(5, file(TEXT)));
    server.serve('/b', file(TEXT));
    expect(await read(store.openAsset('v1.3.0', ASSET))).toBe(TEXT);
    expect(server.requests.map(({ path, headers }) => [path, headers.range])).toEqual([
      [ASSET_PATH, undefined],
      ['/a?token=1', undefined],
      [ASSET_PATH, 'bytes=5-'],
      ['/b?token=2', 'bytes=5-'],
    ]);
  });

  webTest('tells a host that it was sent to nothing of itself', async ({ server, store }) => {
    await withWebServer({}, async (other) => {
      other.serve('/file', file(TEXT));
      server.serve(ASSET_PATH, redirect(`${other.url}/file`));
      expect(await read(store.openAsset('v1.3.0', ASSET))).toBe(TEXT);
      expect(Object.keys(other.requests[0]?.headers ?? {}).toSorted()).toEqual([
        ...['accept', 'accept-encoding', 'connection', 'host', 'user-agent'],
      ]);
    });
  });

  webTest('tells no secret of an address it was sent to', async ({ server, store }) => {
    server.serve(ASSET_PATH, redirect('/signed?token=geheim'));
    server.serve('/signed', status(403));
    const failure = await read(store.openAsset('v1.3.0', ASSET)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'STORE_UNAUTHORISED', message: expect.stringContaining('/signed answered') });
    expect(String(failure)).not.toContain('geheim');
  });

  webTest('tries again while the server is busy, with growing pauses', async ({ server, store, clock }) => {
    server.serve(ASSET_PATH, times(3, status(503), inTurn(status(429, { 'retry-after': '17' }), file(TEXT))));
    expect(await read(store.openAsset('v1.3.0', ASSET))).toBe(TEXT);
    expect(clock.slept).toEqual([375, 750, 1500, 17_000]);

    server.serve(ASSET_PATH, times(2, status(500), file(TEXT)));
    expect(await store.assetSize('v1.3.0', ASSET)).toBe(TEXT.length);
  });

  webTest('waits no longer than a minute, whatever the server asks for', async ({ server, store, clock }) => {
    server.serve(ASSET_PATH, times(1, status(503, { 'retry-after': '86400' }), file(TEXT)));
    await read(store.openAsset('v1.3.0', ASSET));
    expect(clock.slept).toEqual([60_000]);
  });

  webTest('gives up after six tries in a row', async ({ server, store, clock }) => {
    server.serve(ASSET_PATH, status(502));
    await expect(read(store.openAsset('v1.3.0', ASSET))).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
      exitCode: 7,
      message: expect.stringMatching(/answered with status 502; tried 6 times$/),
    });
    expect(asked(server)).toHaveLength(6);
    expect(clock.slept).toHaveLength(5);
  });

  const refusals: [number, string][] = [
    [401, 'STORE_UNAUTHORISED'],
    [403, 'STORE_UNAUTHORISED'],
    [407, 'STORE_UNAUTHORISED'],
    [400, 'STORE_BAD_ANSWER'],
    [418, 'STORE_BAD_ANSWER'],
    [204, 'STORE_BAD_ANSWER'],
    [304, 'STORE_BAD_ANSWER'],
    [206, 'STORE_BAD_ANSWER'],
    [416, 'STORE_BAD_ANSWER'],
    [404, 'STORE_VERSION_MISSING'],
    [410, 'STORE_VERSION_MISSING'],
  ];
  for (const [code, expected] of refusals) {
    webTest(`takes ${code} for an answer, at once`, async ({ server, store, clock }) => {
      server.serve(ASSET_PATH, status(code));
      await expect(read(store.openAsset('v1.3.0', ASSET))).rejects.toMatchObject({ code: expected });
      expect(asked(server)).toHaveLength(1);
      expect(clock.slept).toEqual([]);
    });
  }

  webTest('refuses a body that was compressed on the way', async ({ server, store }) => {
    server.serve(ASSET_PATH, gzipped(TEXT));
    for (const look of [read(store.openAsset('v1.3.0', ASSET)), store.assetSize('v1.3.0', ASSET)]) {
      await expect(look).rejects.toMatchObject({ code: 'STORE_BAD_ANSWER', message: expect.stringContaining('gzip') });
    }
  });

  webTest('refuses a size that is not told, and reads what comes all the same', async ({ server, store }) => {
    server.serve(ASSET_PATH, answer(200, {}, TEXT));
    await expect(store.assetSize('v1.3.0', ASSET)).rejects.toMatchObject({ code: 'STORE_BAD_ANSWER' });
    expect(await read(store.openAsset('v1.3.0', ASSET))).toBe(TEXT);
  });
});

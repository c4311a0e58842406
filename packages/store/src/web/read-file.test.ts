import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AssetEntry } from '@goldstream/release';
import { describe, expect } from 'vitest';
import { APPLICATION, entryOf, read, release } from '../../test/release-files.ts';
import { ASSET, ASSET_PATH, asked, respond, webTest } from '../../test/web-fixtures.ts';
import { verifiedChunks } from '../verified-chunks.ts';
import { webStore } from './web-store.ts';

const { announcing, answer, cutAfter, file, inTurn, times, withoutRanges } = respond;

const TEXT = 'twenty-one bytes here';
const OTHER = 'TWENTY-ONE BYTES HERE';
const SIZE = TEXT.length;
const entry: AssetEntry = entryOf(ASSET, Buffer.from(TEXT));

describe('a cut', () => {
  webTest('costs nothing that was read before', async ({ server, store, clock }) => {
    const whole = file(TEXT, { etag: '"1"' });
    server.serve(ASSET_PATH, inTurn(cutAfter(5, whole), cutAfter(9, whole), cutAfter(0, whole), whole));

    expect(await read(store.openAsset('v1.3.0', ASSET, { end: SIZE }))).toBe(TEXT);
    expect(asked(server)).toEqual(['GET', 'GET bytes=5-20 "1"', 'GET bytes=14-20 "1"', 'GET bytes=14-20 "1"']);
    expect(clock.slept).toEqual([375, 750, 1500]);
  });

  webTest('is mended from the start where the server has no ranges', async ({ server, store }) => {
    const whole = withoutRanges(TEXT);
    server.serve(ASSET_PATH, inTurn(cutAfter(5, whole), cutAfter(3, whole), whole));
    expect(await read(store.openAsset('v1.3.0', ASSET))).toBe(TEXT);
  });

  webTest('names the date where there is no strong ETag', async ({ server, store }) => {
    const lastModified = 'Sun, 22 Nov 2026 06:00:00 GMT';
    const whole = file(TEXT, { lastModified });
    server.serve(ASSET_PATH, inTurn(cutAfter(5, whole), whole));
    await read(store.openAsset('v1.3.0', ASSET));
    expect(asked(server)).toEqual(['GET', `GET bytes=5- ${lastModified}`]);
  });

  webTest('after every byte is given up', async ({ server, store }) => {
    server.serve(ASSET_PATH, cutAfter(1, file(TEXT)));
    await expect(read(store.openAsset('v1.3.0', ASSET))).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
      message: expect.stringContaining('tried 6 times'),
    });
    expect(asked(server)).toHaveLength(6);
  });

  webTest('after every byte is given up, also where it is called an answer', async ({ server, store }) => {
    const oneByte: respond.Responder = (request, response) => {
      const start = Number(/\d+/.exec(request.headers.range ?? '')?.[0]);
      answer(206, { 'content-range': `bytes ${start}-${start}/*` }, TEXT.slice(start, start + 1))(request, response);
    };
    server.serve(ASSET_PATH, inTurn(cutAfter(1, file(TEXT)), oneByte));
    await expect(read(store.openAsset('v1.3.0', ASSET))).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
  });

  webTest('after every megabyte is lived with, however often', async ({ server, store }) => {
    const bytes = Buffer.alloc(9 * 1024 * 1024, 'goldstream');
    server.serve(ASSET_PATH, cutAfter(1024 * 1024, file(bytes)));
    expect((await read(store.openAsset('v1.3.0', ASSET))) === bytes.toString()).toBe(true);
    expect(asked(server)).toHaveLength(9);
  });

  webTest('before the announced end is never taken for the end', async ({ server, store }) => {
    server.serve(ASSET_PATH, announcing(SIZE + 5, TEXT));
    await expect(read(store.openAsset('v1.3.0', ASSET))).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
  });

  webTest('before any answer is tried again', async ({ server, store, clock }) => {
    server.serve(
      ASSET_PATH,
      times(2, (_, response) => response.destroy(), file(TEXT)),
    );
    expect(await read(store.openAsset('v1.3.0', ASSET))).toBe(TEXT);
    expect(clock.slept).toHaveLength(2);
  });
});

describe('a file that is replaced while it is read', () => {
  const facts = { etag: '"1"', lastModified: 'Sun, 22 Nov 2026 06:00:00 GMT' };
  const later = 'Sun, 22 Nov 2026 06:00:01 GMT';
  const before = (how = facts as respond.FileFacts) => cutAfter(5, file(TEXT, how));

  const replacements: [string, respond.Responder, respond.Responder][] = [
    ['by its ETag', before(), file(OTHER, { ...facts, etag: '"2"' })],
    ['by a weak ETag', before({ etag: 'W/"1"' }), file(OTHER, { etag: 'W/"2"' })],
    ['by its date', before({ lastModified: later }), file(OTHER, { lastModified: facts.lastModified })],
    ['by its size', before({}), file(`${OTHER}.`)],
    [
      'where ranges are given without being asked whose',
      before(),
      (request, response) => {
        delete request.headers['if-range'];
        file(OTHER, { etag: '"2"' })(request, response);
      },
    ],
  ];
  for (const [how, first, then] of replacements) {
    webTest(`is noticed ${how}`, async ({ server, store, clock }) => {
      server.serve(ASSET_PATH, inTurn(first, then));
      await expect(read(store.openAsset('v1.3.0', ASSET))).rejects.toMatchObject({
        code: 'STORE_CHANGED',
        exitCode: 7,
      });
      expect(clock.slept).toHaveLength(1);
    });
  }

  webTest('is read on where only its date is another, and its ETag is not', async ({ server, store }) => {
    server.serve(ASSET_PATH, inTurn(before(), file(TEXT, { etag: '"1"', lastModified: later })));
    expect(await read(store.openAsset('v1.3.0', ASSET))).toBe(TEXT);
  });

  webTest('in secret does not verify, from the first chunk that differs', async ({ server, store }) => {
    server.serve(ASSET_PATH, inTurn(file(TEXT, facts), cutAfter(11, file(TEXT, facts)), file(OTHER, facts)));
    let handedOn = '';
    const reading = async () => {
      for await (const chunk of verifiedChunks(store, release, entry)) handedOn += Buffer.from(chunk).toString();
    };
    await expect(reading()).rejects.toMatchObject({ code: 'STORE_DIGEST_MISMATCH', exitCode: 5 });
    expect(handedOn).toBe(TEXT.slice(0, 8));
  });
});

describe('a wrong answer', () => {
  const rest = TEXT.slice(5);
  const answers: [string, respond.Responder][] = [
    ['with bytes from elsewhere', answer(206, { 'content-range': 'bytes 6-20/21' }, TEXT.slice(6))],
    ['with bytes from the start', answer(206, { 'content-range': 'bytes 0-20/21' }, TEXT)],
    ['with bytes beyond the end', answer(206, { 'content-range': 'bytes 5-21/21' }, `${rest}.`)],
    ['with bytes backwards', answer(206, { 'content-range': 'bytes 5-4/21' }, '')],
    ['in another unit', answer(206, { 'content-range': 'lines 5-20/21' }, rest)],
    ['without saying which bytes', answer(206, {}, rest)],
    ['in several parts', answer(206, { 'content-type': 'multipart/byteranges; boundary=x' }, rest)],
    ['of another length', answer(206, { 'content-range': 'bytes 5-20/21', 'content-length': '15' }, rest)],
    ['that goes on', answer(206, { 'content-range': 'bytes 5-20/21' }, `${rest}.`)],
    ['that there is nothing, though there is', answer(416, { 'content-range': 'bytes */21' }, '')],
    ['that there is nothing, for no reason', answer(416, {}, '')],
  ];
  for (const [what, wrong] of answers) {
    webTest(`is refused: ${what}`, async ({ server, store, clock }) => {
      server.serve(ASSET_PATH, inTurn(cutAfter(5, file(TEXT)), wrong));
      await expect(read(store.openAsset('v1.3.0', ASSET, { end: SIZE }))).rejects.toMatchObject({
        code: 'STORE_BAD_ANSWER',
        exitCode: 7,
      });
      expect(clock.slept).toHaveLength(1);
    });
  }

  webTest('that is shorter than it says is taken for a cut', async ({ server, store }) => {
    const short = answer(206, { 'content-range': 'bytes 5-20/21' }, rest.slice(0, 4));
    const shorter = answer(206, { 'content-range': 'bytes 9-20/*' }, rest.slice(4, 5));
    server.serve(ASSET_PATH, inTurn(cutAfter(5, file(TEXT)), short, shorter, file(TEXT)));
    expect(await read(store.openAsset('v1.3.0', ASSET))).toBe(TEXT);
    expect(asked(server)).toEqual(['GET', 'GET bytes=5-', 'GET bytes=9-', 'GET bytes=10-']);
  });

  webTest('that leaves open how long the file is, is followed to its end', async ({ server, store }) => {
    const open = answer(206, { 'content-range': 'bytes 5-20/*' }, rest);
    server.serve(ASSET_PATH, inTurn(cutAfter(5, file(TEXT)), open, file(TEXT)));
    expect(await read(store.openAsset('v1.3.0', ASSET))).toBe(TEXT);
    expect(asked(server)).toEqual(['GET', 'GET bytes=5-', 'GET bytes=21-']);
  });

  for (const [size, text] of [
    [SIZE + 1, `${TEXT}.`],
    [SIZE - 1, TEXT.slice(1)],
  ] as const) {
    webTest(`of ${size} bytes does not verify as ${SIZE}`, async ({ server, store }) => {
      server.serve(ASSET_PATH, file(text));
      await expect(read(verifiedChunks(store, release, entry))).rejects.toMatchObject({
        code: 'STORE_LENGTH_MISMATCH',
        exitCode: 5,
      });
    });
  }

  webTest('in another protocol is refused', async ({ clock }) => {
    await using other = createServer((socket) => {
      socket.resume().on('error', () => {});
      socket.end('SSH-2.0-OpenSSH_9.9\r\n');
    }).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const store = webStore(new URL(`http://127.0.0.1:${port}`), APPLICATION, { clock, env: {} });
    await expect(store.assetSize('v1.3.0', ASSET)).rejects.toMatchObject({ code: 'STORE_BAD_ANSWER' });
  });
});

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CHUNK_BYTES } from '@goldstream/release';
import { systemRunner } from '@goldstream/system';
import { respond, type SeenRequest, withWebServer } from '@goldstream/testing';
import { describe, expect, vi } from 'vitest';
import { manifestFrom } from './copied-store.ts';
import { shopTest } from './shop-test.ts';

const MIB = 1024 * 1024;

describe('fetch from a web server', () => {
  shopTest(
    'goes on at a chunk after cuts, and after it was killed',
    async ({ host, shop }) => {
      const { streams } = await manifestFrom(shop.store, 'v1.3.0');
      const first = streams[0]?.assets[0];
      if (first === undefined) throw new Error('v1.3.0 has a stream');
      expect(first.bytes).toBeGreaterThan(CHUNK_BYTES);
      await withWebServer({}, async (server) => {
        const files = respond.directory(shop.store);
        const asset = `/v1.3.0/${first.name}`;
        server.serve('/*', files);
        // Cut three times within the first chunk, then after it; and then nothing more comes.
        const cut = (bytes: number) => respond.cutAfter(bytes, files);
        const bodies = respond.inTurn(cut(MIB), cut(MIB), cut(MIB), cut(1.5 * MIB), () => {});
        server.serve(asset, (request, response) => (request.method === 'GET' ? bodies : files)(request, response));
        const running = systemRunner.spawn(host.command('fetch', 'v1.3.0', '--store', server.url));
        try {
          await vi.waitFor(() => expect(gets(server.requests, asset).length).toBeGreaterThanOrEqual(5), {
            timeout: 100_000,
          });
        } finally {
          running.kill('SIGKILL');
          await running.ended.catch(() => {});
        }
        // In the same process it goes on at the byte.
        const from = gets(server.requests, asset).map(({ headers }) => /^bytes=(\d+)-/.exec(headers.range ?? '')?.[1]);
        expect(from).toEqual([undefined, ...[1, 2, 3, 4.5].map((mebibytes) => String(mebibytes * MIB))]);
        expect(await readdir(join(host.layout.cache, 'v1.3.0'))).toEqual([`${first.name}.partial`]);

        server.serve(asset, files);
        const before = gets(server.requests, asset).length;
        await host.do('fetch', 'v1.3.0', '--store', server.url);
        const later = gets(server.requests, asset).slice(before);
        // One request, for what was missing.
        expect(later.map(({ headers }) => headers.range)).toEqual([expect.stringMatching(`^bytes=${CHUNK_BYTES}-`)]);
      });
      await host.do('receive', 'v1.3.0', '--store', `dir:${host.layout.cache}`);
    },
    300_000,
  );
});

function gets(requests: readonly SeenRequest[], path: string): readonly SeenRequest[] {
  return requests.filter((request) => request.method === 'GET' && request.path === path);
}

import type { WebServer } from '@goldstream/testing';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { entryOf, release } from '../../test/release-files.ts';
import { ASSET, ASSET_PATH, respond, webTest } from '../../test/web-fixtures.ts';
import { StoreError } from '../error.ts';
import type { Store } from '../store.ts';
import { verifiedChunks } from '../verified-chunks.ts';

const { answer, announcing, cutAfter, file, gzipped, inTurn, redirect, status, withoutRanges } = respond;

const TEXT = 'what was released, and nothing else, reaches anybody';
const FORGED = TEXT.replace('nothing', 'SOMETHI').replace('released', 'RELEASED');
const entry = entryOf(ASSET, Buffer.from(TEXT));

/** Answers of every kind, each with what makes it hostile at random. */
const hostileAnswer: fc.Arbitrary<respond.Responder> = fc.oneof(
  fc.tuple(fc.nat(60), fc.constantFrom(TEXT, FORGED)).map(([bytes, text]) => cutAfter(bytes, file(text))),
  fc.tuple(fc.nat(60), fc.constantFrom('"1"', '"2"')).map(([bytes, etag]) => cutAfter(bytes, file(TEXT, { etag }))),
  fc
    .constantFrom(TEXT, FORGED, '', `${TEXT}.`, TEXT.slice(1))
    .chain((text) => fc.constantFrom(file(text), withoutRanges(text), gzipped(text), answer(200, {}, text))),
  fc.tuple(fc.nat(60), fc.nat(60)).map(([length, sent]) => announcing(length, TEXT.slice(0, sent))),
  fc
    .tuple(fc.constantFrom(200, 206, 416), fc.nat(60), fc.nat(60), fc.nat(60))
    .map(([code, first, last, total]) =>
      answer(code, { 'content-range': `bytes ${first}-${last}/${total}` }, TEXT.slice(first, last + 1)),
    ),
  fc.constantFrom(204, 301, 400, 401, 404, 408, 416, 429, 500, 503).map((code) => status(code)),
  fc.constantFrom('/elsewhere', ASSET_PATH, 'ftp://host/').map(redirect),
);

async function readThrough(server: WebServer, store: Store, answers: readonly respond.Responder[]) {
  const [first = file(TEXT), ...more] = answers;
  server.serve('/elsewhere', file(FORGED));
  server.serve(ASSET_PATH, inTurn(file(TEXT), first, ...more, file(TEXT)));
  let text = '';
  try {
    for await (const chunk of verifiedChunks(store, release, entry)) text += Buffer.from(chunk).toString();
    return { text, failure: undefined };
  } catch (failure) {
    return { text, failure };
  }
}

describe('whatever a web server answers', () => {
  webTest('what is handed on was released, and a failure has a code', async ({ server, store }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostileAnswer, { maxLength: 8 }), async (answers) => {
        const { text, failure } = await readThrough(server, store, answers);
        expect(TEXT.startsWith(text)).toBe(true);
        if (failure === undefined) expect(text).toBe(TEXT);
        else expect(failure).toBeInstanceOf(StoreError);
      }),
      { numRuns: 100 },
    );
  });
});

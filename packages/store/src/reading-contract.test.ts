import { respond, withWebServer } from '@goldstream/testing';
import { describe } from 'vitest';
import { readingContract } from '../test/reading-contract.ts';
import { APPLICATION } from '../test/release-files.ts';
import { openStore } from './open-store.ts';

describe('a store in a directory', () => {
  readingContract((base, use) => use(openStore(`dir:${base}`, APPLICATION)));
});

describe('a store on a web server', () => {
  readingContract((base, use) =>
    withWebServer({}, async (server) => {
      server.serve('/*', respond.directory(base));
      await use(openStore(server.url, APPLICATION, { env: {} }));
    }),
  );
});

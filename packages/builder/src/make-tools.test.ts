import { Readable } from 'node:stream';
import { type CommandIo, noProgress } from '@goldstream/cli';
import { describe, expect, it } from 'vitest';
import { Belongings } from './belongings.ts';
import { makeTools } from './make-tools.ts';

const io: CommandIo = {
  say() {},
  warn() {},
  progress: noProgress,
  signal: new AbortController().signal,
  now: () => 0,
};

describe('the tools of the builder', () => {
  it('read no recipe while the application is named', () => {
    expect(toolsIn({}, 'shop').layout.golden).toBe('/builder/var/lib/goldstream/shop/golden');
    expect(() => toolsIn({}, null).layout).toThrowError(
      expect.objectContaining({ code: 'BUILDER_NO_RECIPE', exitCode: 4 }),
    );
  });

  it('use a GnuPG home of the caller, else one in the pool', async () => {
    expect(await toolsIn({ GNUPGHOME: '/home/me/.gnupg' }).gpgHome()).toEqual({ kind: 'callers' });
    const ours = { kind: 'ours', path: '/builder/var/lib/goldstream/shop/state/gnupg' };
    expect(await toolsIn({ GNUPGHOME: '' }).gpgHome()).toEqual(ours);
    expect(await toolsIn({}).gpgHome()).toEqual(ours);
  });

  it('take the time of a release from SOURCE_DATE_EPOCH', () => {
    expect(toolsIn({ SOURCE_DATE_EPOCH: '0' }).now().toISOString()).toBe('1970-01-01T00:00:00.000Z');
    for (const epoch of ['yesterday', '-1', '1.5', '9'.repeat(30)]) {
      expect(() => toolsIn({ SOURCE_DATE_EPOCH: epoch }).now()).toThrowError(
        expect.objectContaining({ code: 'BUILDER_BAD_DATE', exitCode: 3 }),
      );
    }
  });
});

function toolsIn(environment: Record<string, string>, app: string | null = 'shop') {
  const streams = { input: Readable.from([]), outputIsTerminal: false, write() {}, send: async () => {} };
  const surroundings = {
    root: '/builder',
    recipe: '/no/recipe/here',
    streams,
    belongings: new Belongings(),
    signingKey: [],
    passphraseFd: undefined,
  };
  return makeTools({ ...surroundings, app: app ?? undefined, environment }, io);
}

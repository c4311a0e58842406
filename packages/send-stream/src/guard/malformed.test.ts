import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATALOGUE, fileOf } from '../../../../fixtures/send-stream/malformed/catalogue.ts';
import type { Quirk } from '../../../../fixtures/send-stream/malformed/quirk.ts';
import { PARENT_TREE } from '../../../../fixtures/send-stream/malformed/setup.ts';
import { NAME, PARENT_UUID, TRANSID, UUID } from '../../../../fixtures/send-stream/malformed/world.ts';
import { chunked } from '../../test/chunking.ts';
import { parentOf, refusalOf } from '../../test/guarding.ts';
import type { GuardExpectation } from '../index.ts';

describe('the catalogue of malformed streams', () => {
  it('is what its generator makes, file by file', () => {
    const files = readdirSync(new URL('.', fileOf({ name: 'any' })));
    expect(files.sort()).toEqual(CATALOGUE.map(({ name }) => `${name}.btrfs`).sort());
    for (const quirk of CATALOGUE) expect(readFileSync(fileOf(quirk)).equals(quirk.stream), quirk.name).toBe(true);
  });

  it('has no stream twice', () => {
    const streams = CATALOGUE.map(({ stream, kind }) => kind + Buffer.from(stream).toString('latin1'));
    expect(new Set(streams).size).toBe(CATALOGUE.length);
  });
});

describe('the guard', () => {
  it.each(CATALOGUE)('refuses $name: $says', (quirk) => {
    const { code, stream } = quirk;
    const exitCode = code.startsWith('GUARD_') ? 5 : 4;
    for (const chunks of [[stream], chunked(stream, [1])]) {
      const { error, passed } = refusalOf(expectationOf(quirk), chunks);
      expect(error).toMatchObject({ code, exitCode, offset: expect.any(Number) });
      // Whole commands only, none at or behind the one that is refused, and never an end.
      const { offset } = error as { offset: number };
      expect(passed.length).toBeLessThanOrEqual(offset);
      expect(passed.equals(stream.subarray(0, passed.length))).toBe(true);
    }
  });
});

/** What the manifest of such a stream would say. */
function expectationOf({ kind, announced = {} }: Quirk): GuardExpectation {
  const { rawBytes, files, bytes } = announced;
  const parent = kind === 'full' ? {} : { parentUuid: PARENT_UUID, parent: parentOf(PARENT_TREE) };
  const limits = { maxBytes: rawBytes, maxFiles: files, maxFileBytes: bytes };
  return { name: NAME, uuid: UUID, transid: TRANSID, ...parent, ...limits };
}

import { parseVersion } from '@goldstream/release';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseOldBackups } from './choose-old-backups.ts';
import type { FoundBackup } from './found-backup.ts';

const VERSIONS = ['v1.0.0', 'v1.1.0', 'v2.0.0'].map((text) => parseVersion(text));

/** One for each word; `-` was cut off. */
function backups(...words: readonly (string | undefined)[]): readonly FoundBackup[] {
  return words.map((word, index) => {
    const name = `20261122T1015${String(index).padStart(2, '0')}Z-0001`;
    const takenAt = '2026-11-22T10:15:00.000Z';
    const record =
      word === undefined || word === '-'
        ? undefined
        : { takenAt, deployment: 1, version: parseVersion(word), persist: ['books'] };
    return { name, at: `/backup/${name}`, record, snapshots: [] };
  });
}

describe('chooseOldBackups', () => {
  const chosen = (found: readonly FoundBackup[], newest: number, versions = VERSIONS.slice(0, 0)) =>
    chooseOldBackups(found, { newest, versions: new Set(versions) }).map((backup) => found.indexOf(backup));

  it('keeps the newest, and the newest of each version that is here', () => {
    const found = backups('v1.0.0', 'v1.0.0', 'v1.1.0', 'v2.0.0', 'v2.0.0');
    expect(chosen(found, 2)).toEqual([0, 1, 2]);
    expect(chosen(found, 2, VERSIONS.slice(0, 1))).toEqual([0, 2]);
    expect(chosen(found, 10)).toEqual([]);
  });

  it('gives up what was cut off once there is something whole after it', () => {
    expect(chosen(backups('-', 'v1.0.0', '-', 'v1.1.0', '-'), 10)).toEqual([0, 2]);
    expect(chosen(backups('-', '-'), 1)).toEqual([]);
  });

  it('never gives up the newest one, whatever is found', () => {
    const word = fc.constantFrom('-', ...VERSIONS);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1 }),
        fc.integer({ min: 1, max: 5 }),
        fc.subarray(VERSIONS),
        (words, newest, here) => {
          const found = backups(...words);
          const gone = chosen(found, newest, here);
          expect(gone).not.toContain(found.length - 1);
          for (const version of here) {
            const last = words.lastIndexOf(version);
            if (last !== -1) expect(gone).not.toContain(last);
          }
          const left = words.filter((one, index) => one !== '-' && !gone.includes(index)).length;
          expect(left).toBeGreaterThanOrEqual(Math.min(newest, words.filter((one) => one !== '-').length));
        },
      ),
    );
  });
});

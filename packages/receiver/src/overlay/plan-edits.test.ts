import { pathFromBytes, pathFromText } from '@goldstream/tree';
import { describe, expect, it } from 'vitest';
import type { Hidden } from './hidden-by-upper.ts';
import { planEdits } from './plan-edits.ts';

const at = pathFromText;
const HIDDEN: readonly Hidden[] = [
  {
    path: at('etc/app.conf'),
    vendor: { kind: 'changed', aspects: ['content', 'mode'] },
    cover: { kind: 'file', path: at('etc/app.conf') },
  },
  { path: at('lib'), vendor: { kind: 'changed', aspects: ['mode'] }, cover: attributesOf('lib') },
  { path: at('lib/a'), vendor: { kind: 'added' }, cover: { kind: 'opaque', path: at('lib') } },
  { path: at('lib/b'), vendor: { kind: 'added' }, cover: { kind: 'opaque', path: at('lib') } },
  { path: at('share/x'), vendor: { kind: 'added' }, cover: { kind: 'whiteout', path: at('share') } },
];

function attributesOf(path: string): Hidden['cover'] {
  return { kind: 'attributes', path: at(path), vendor: { mode: 0o750, uid: 0, gid: 4 } };
}

describe('planEdits', () => {
  it('has nothing to say where nothing is hidden, whatever the policy', () => {
    for (const policy of ['keep', 'vendor', 'stop'] as const) {
      expect(planEdits([], policy, 'v2.0.0')).toEqual({ drops: [], notes: [] });
    }
  });

  it('keeps edits, and names what nobody sees because of them', () => {
    expect(planEdits(HIDDEN.slice(0, 3), 'keep', 'v2.0.0')).toEqual({
      drops: [],
      notes: [
        'etc/app.conf: v2.0.0 changes content, mode, and nobody sees that: it was edited here',
        'lib: v2.0.0 changes mode, and nobody sees that: it has its own mode and owner here',
        'lib/a: v2.0.0 adds it, and nobody sees that: lib was replaced here',
      ],
    });
  });

  it('leaves out what hides the vendor’s, each once, and no more than that', () => {
    const { drops, notes } = planEdits(HIDDEN, 'vendor', 'v2.0.0');
    expect(drops).toEqual([
      { kind: 'remove', path: 'etc/app.conf' },
      { kind: 'attributes', path: 'lib', to: { mode: 0o750, uid: 0, gid: 4 } },
      { kind: 'reveal', path: 'lib' },
      { kind: 'remove', path: 'share' },
    ]);
    expect(notes.at(-1)).toBe(
      'share/x: v2.0.0 adds it, and that shows: share was deleted here, which is not taken over',
    );
  });

  it('gives a directory that only has its own mode the vendor’s', () => {
    expect(planEdits(HIDDEN.slice(1, 2), 'vendor', 'v2.0.0').drops).toEqual([
      { kind: 'attributes', path: 'lib', to: { mode: 0o750, uid: 0, gid: 4 } },
    ]);
  });

  it('stops when that is wanted, and names what is hidden', () => {
    expect(() => planEdits(HIDDEN, 'stop', 'v2.0.0')).toThrowError(
      expect.objectContaining({
        code: 'OVERLAY_HIDES',
        category: 'state',
        message: 'edits of this host hide what v2.0.0 brings: etc/app.conf, lib, lib/a, lib/b, share/x',
      }),
    );
  });

  it('tells of many what a terminal can bear, and no byte as it is that a terminal obeys', () => {
    const many = Array.from({ length: 30 }, (_, index): Hidden => {
      const path = pathFromBytes(Buffer.from([0x1b, 0xff, index]));
      return { path, vendor: { kind: 'added' }, cover: { kind: 'file', path } };
    });
    const { notes } = planEdits(many, 'keep', 'v2.0.0');
    expect(notes).toHaveLength(21);
    expect(notes[0]).toContain('\\x1b\\xff\\x00: v2.0.0 adds it');
    expect(notes.at(-1)).toBe('10 more files of v2.0.0 are hidden');
  });
});

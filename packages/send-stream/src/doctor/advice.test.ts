import { describe, expect, it } from 'vitest';
import { adviseOn, type Cause } from './advice.ts';
import type { ExaminedFile } from './examination.ts';
import { isVolatile } from './volatile-paths.ts';

const file: ExaminedFile = {
  path: 'lib/f',
  manner: 'rewritten',
  before: 'lib/f',
  size: 1000,
  sentBytes: 1000,
  equalBytes: 0,
  movedBytes: 0,
  heldBy: undefined,
  isHolderGone: false,
  isUnchanged: false,
  compressed: undefined,
};

describe('the advice', () => {
  it.each<[Cause, number, Partial<ExaminedFile>]>([
    ['rewritten', 300, { equalBytes: 300 }],
    ['replaced', 300, { manner: 'replaced', equalBytes: 300 }],
    ['relocated', 300, { manner: 'recreated', before: 'old/f', equalBytes: 300 }],
    ['shifted', 400, { movedBytes: 400, heldBy: 'lib/f' }],
    ['relocated', 400, { manner: 'created', before: undefined, movedBytes: 400, heldBy: 'g', isHolderGone: true }],
    ['duplicated', 400, { manner: 'created', before: undefined, movedBytes: 400, heldBy: 'g' }],
    ['compressed', 900, { equalBytes: 0, movedBytes: 0, sentBytes: 900, compressed: 'gzip data' }],
    ['volatile', 1000, { path: 'var/log/messages', equalBytes: 300 }],
  ])('names the cause %s, with what it cost', (cause, bytes, facts) => {
    expect(adviseOf({ ...file, ...facts })).toMatchObject([{ cause, files: 1, bytes }]);
  });

  it('is silent about contents that are new', () => {
    expect(adviseOf(file)).toEqual([]);
  });

  it('does not blame compression for what is new, or for a file that mostly stayed', () => {
    expect(adviseOf({ ...file, manner: 'created', before: undefined, compressed: 'gzip data' })).toEqual([]);
    const stayed = adviseOf({ ...file, compressed: 'a zip archive', equalBytes: 600 });
    expect(stayed.map(({ cause }) => cause)).toEqual(['rewritten']);
  });

  it('begins with what costs most, and names the largest files', () => {
    const files = [1, 5, 3, 2].map((equalBytes) => ({ ...file, path: `f${equalBytes}`, equalBytes }));
    const shifted = { ...file, path: 'g', movedBytes: 100, heldBy: 'lib/f' };
    expect(adviseOf(...files, shifted)).toMatchObject([
      { cause: 'shifted', bytes: 100 },
      { cause: 'rewritten', files: 4, bytes: 11, examples: ['f5', 'f3', 'f2'] },
    ]);
  });
});

describe('a volatile path', () => {
  it.each([
    'a/__pycache__/b.cpython-311.pyc',
    'x.pyc',
    'var/log/app/x',
    'app.log',
    'app.log.1',
    'root/.cache/pip/x',
    'tmp/x',
  ])('is %s', (path) => {
    expect(isVolatile(path)).toBe(true);
  });

  it.each(['catalog', 'lib/log/index.js', 'var/lib/x', 'template/x', 'a.login', 'x.pyc.txt', 'share/tmpfiles/x'])(
    'is not %s',
    (path) => {
      expect(isVolatile(path)).toBe(false);
    },
  );
});

function adviseOf(...files: readonly ExaminedFile[]) {
  return adviseOn({ files, sentBytes: 0, wastedBytes: 0, isPartial: false });
}

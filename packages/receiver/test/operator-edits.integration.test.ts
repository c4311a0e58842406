import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mountOverlay, REPLACEABLE_LOWER, systemRunner as runner, unmount } from '@goldstream/system';
import { btrfsTest, LONG_RUN } from '@goldstream/testing';
import { pathFromText, ROOT, showPath } from '@goldstream/tree';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { compareInodes } from '../src/overlay/compare-inodes.ts';
import { dropsFor } from '../src/overlay/drop.ts';
import { dropEdits } from '../src/overlay/drop-edits.ts';
import { findEdits } from '../src/overlay/find-edits.ts';
import { type Hidden, hiddenByUpper } from '../src/overlay/hidden-by-upper.ts';
import { inodeIn, inodesBelow } from '../src/overlay/list-inodes.ts';
import { dropsForReset } from '../src/overlay/plan-reset.ts';
import { readLayer } from '../src/overlay/read-layer.ts';

/** Two versions and a writable layer that was edited above the first one; the kernel made it. */
interface Edited {
  readonly before: string;
  readonly after: string;
  readonly upper: string;
  /** Mounts the layer above a version while `use` looks. */
  through<T>(version: string, use: (at: string) => Promise<T>): Promise<T>;
}

type Files = Readonly<Record<string, string>>;

async function edited(
  pool: string,
  name: string,
  before: Files,
  after: Files,
  edit: (at: string) => void,
): Promise<Edited> {
  const at = (what: string) => join(pool, name, what);
  for (const what of ['upper', 'mount', 'before', 'after']) await mkdir(at(what), { recursive: true });
  await Promise.all([writeAll(at('before'), before), writeAll(at('after'), after)]);
  const through: Edited['through'] = async (version, use) => {
    // The kernel's own directory is made anew for each mount, as at a switch.
    await rm(at('work'), { recursive: true, force: true });
    await mkdir(at('work'));
    const layers = { lower: version, upper: at('upper'), work: at('work'), at: at('mount') };
    await mountOverlay(runner, { ...layers, options: [...REPLACEABLE_LOWER] });
    try {
      return await use(at('mount'));
    } finally {
      await unmount(runner, at('mount'));
    }
  };
  await through(at('before'), async (mount) => edit(mount));
  return { before: at('before'), after: at('after'), upper: at('upper'), through };
}

/** A path that ends with a slash is a directory. */
async function writeAll(root: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(root, path.endsWith('/') ? path : dirname(path)), { recursive: true });
    if (!path.endsWith('/')) await writeFile(join(root, path), content);
  }
}

async function hiddenIn({ upper, before, after }: Edited): Promise<readonly Hidden[]> {
  return hiddenByUpper(await readLayer(runner, upper), { oldVersion: before, newVersion: after });
}

const told = (hidden: readonly Hidden[]) =>
  hidden.map(({ path, vendor, cover }) => `${vendor.kind} ${showPath(path)}: ${cover.kind} ${showPath(cover.path)}`);

const BEFORE: Files = {
  'etc/app.conf': 'colour = blue\n',
  'etc/other.conf': 'untouched\n',
  'bin/tool': 'one\n',
  'bin/old-tool': 'old\n',
  'lib/a': 'a1\n',
  'lib/b': 'b1\n',
  'share/doc/readme': 'r1\n',
};

describe('edits of operators', () => {
  btrfsTest('are told as what they are, while the layer is mounted', async ({ btrfs }) => {
    const layer = await edited(btrfs, 'told', BEFORE, BEFORE, (at) => {
      writeFileSync(join(at, 'etc/app.conf'), 'colour = red\n');
      writeFileSync(join(at, 'etc/mine.conf'), 'mine\n');
      chmodSync(join(at, 'bin/tool'), 0o700);
      rmSync(join(at, 'bin/old-tool'));
      chmodSync(join(at, 'share'), 0o700);
      rmSync(join(at, 'lib'), { recursive: true });
      mkdirSync(join(at, 'lib'));
      writeFileSync(join(at, 'lib/c'), 'c\n');
      // Copied up, and equal again.
      writeFileSync(join(at, 'share/doc/readme'), 'r1\n');
    });
    await layer.through(layer.before, async () => {
      const edits = await findEdits(await readLayer(runner, layer.upper), layer.before);
      expect(
        edits.map((edit) => `${edit.kind} ${showPath(edit.path)} ${'aspects' in edit ? edit.aspects : ''}`.trim()),
      ).toEqual([
        'deleted bin/old-tool',
        'changed bin/tool mode',
        'changed etc/app.conf content',
        'added etc/mine.conf',
        'replaced lib',
        'added lib/c',
        'changed share mode',
        'changed share/doc/readme',
      ]);
    });
  });

  btrfsTest('hide what a new version brings: copied up, deleted, replaced', async ({ btrfs }) => {
    const after: Files = {
      ...BEFORE,
      'etc/app.conf': 'colour = green\n',
      'etc/other.conf': 'changed, and nobody edited it\n',
      'bin/old-tool': 'old, and better\n',
      'lib/a': 'a2\n',
      'lib/new': 'new\n',
      'plugins/one': 'the vendor’s\n',
      'share/doc': 'a file now\n',
    };
    const { 'share/doc/readme': _, ...without } = after;
    const layer = await edited(btrfs, 'hide', BEFORE, without, (at) => {
      writeFileSync(join(at, 'etc/app.conf'), 'colour = red\n');
      writeFileSync(join(at, 'bin/tool'), 'edited, and the vendor left it alone\n');
      rmSync(join(at, 'bin/old-tool'));
      rmSync(join(at, 'lib'), { recursive: true });
      mkdirSync(join(at, 'lib'));
      writeFileSync(join(at, 'lib/b'), 'mine\n');
      mkdirSync(join(at, 'plugins'));
      writeFileSync(join(at, 'plugins/two'), 'the operator’s\n');
      writeFileSync(join(at, 'share/doc/readme'), 'edited\n');
    });
    const hidden = await hiddenIn(layer);
    expect(told(hidden)).toEqual([
      'changed bin/old-tool: whiteout bin/old-tool',
      'changed etc/app.conf: file etc/app.conf',
      'changed lib/a: opaque lib',
      'added lib/new: opaque lib',
      'changed share/doc: directory share/doc',
    ]);

    await dropEdits(runner, layer.upper, dropsFor(hidden));
    expect(await hiddenIn(layer)).toEqual([]);
    await layer.through(layer.after, async (at) => {
      const seen = new Map<string, string>();
      for (const [path, inode] of await inodesBelow(pathFromText(at), ROOT)) seen.set(showPath(path), inode.kind);
      // What the operator made and the vendor did not touch is still there.
      for (const path of ['plugins/one', 'plugins/two', 'lib/new', 'lib/b', 'bin/old-tool'])
        expect(seen.get(path)).toBe('file');
      expect(seen.get('share/doc')).toBe('file');
    });
  });

  btrfsTest('are no harm where the operator did what the vendor did', async ({ btrfs }) => {
    const after = { ...BEFORE, 'etc/app.conf': 'colour = red\n', 'etc/mine.conf': 'mine\n' };
    const layer = await edited(btrfs, 'same', BEFORE, after, (at) => {
      writeFileSync(join(at, 'etc/app.conf'), 'colour = red\n');
      writeFileSync(join(at, 'etc/mine.conf'), 'mine\n');
    });
    expect(await hiddenIn(layer)).toEqual([]);
  });

  btrfsTest('are never followed out of the trees by symlinks', async ({ btrfs }) => {
    const layer = await edited(btrfs, 'links', { 'etc/app.conf': 'one\n' }, { 'real/app.conf': 'two\n' }, (at) => {
      writeFileSync(join(at, 'etc/app.conf'), 'mine\n');
    });
    symlinkSync('real', join(layer.after, 'etc'));
    expect(told(await hiddenIn(layer))).toEqual(['changed etc: directory etc']);
  });

  btrfsTest('are the vendor’s again after a reset, and others stay', async ({ btrfs }) => {
    const layer = await edited(btrfs, 'reset', BEFORE, BEFORE, (at) => {
      writeFileSync(join(at, 'etc/app.conf'), 'colour = red\n');
      writeFileSync(join(at, 'etc/mine.conf'), 'mine\n');
      rmSync(join(at, 'bin'), { recursive: true });
      rmSync(join(at, 'lib'), { recursive: true });
      mkdirSync(join(at, 'lib'));
      writeFileSync(join(at, 'lib/c'), 'c\n');
    });
    const seen = await readLayer(runner, layer.upper);
    for (const path of ['share', 'etc/other.conf', 'nothing']) {
      expect(() => dropsForReset(seen, [path])).toThrowError(expect.objectContaining({ code: 'OVERLAY_NO_EDIT' }));
    }
    for (const path of ['bin/tool', 'lib/c']) {
      expect(() => dropsForReset(seen, [path])).toThrowError(
        expect.objectContaining({ code: 'OVERLAY_NO_EDIT', hint: expect.stringMatching(/overlay reset (?:bin|lib)$/) }),
      );
    }
    await dropEdits(runner, layer.upper, dropsForReset(seen, ['etc/app.conf', 'bin', 'lib']));
    const edits = await findEdits(await readLayer(runner, layer.upper), layer.before);
    expect(edits.map(({ kind, path }) => `${kind} ${showPath(path)}`)).toEqual(['added etc/mine.conf']);
  });

  btrfsTest('hide exactly what the kernel does not show, whatever was edited', async ({ btrfs }) => {
    let run = 0;
    const path = fc.constantFrom('a', 'd/x', 'd/y', 'd/e/z', 'f', 'f/g', 'h/');
    const files = fc
      .dictionary(path, fc.constantFrom('one', 'two'), { maxKeys: 6, noNullPrototype: true })
      .map(withoutClashes);
    const edits = fc.array(
      fc.tuple(
        fc.constantFrom(...EDITS),
        path.map((name) => name.replace(/\/$/, '')),
      ),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(files, files, edits, async (before, after, steps) => {
        run += 1;
        const layer = await edited(btrfs, `run-${run}`, before, after, (at) => {
          for (const [edit, name] of steps) edit(join(at, name));
        });
        const hidden = await hiddenIn(layer);
        expect(hidden.map(({ path: name }) => name)).toEqual(await notShown(layer));
        await dropEdits(runner, layer.upper, dropsFor(hidden));
        expect(await notShown(layer)).toEqual([]);
      }),
      { numRuns: LONG_RUN ? 300 : 15 },
    );
  });
});

/** Of what the vendor added or changed, what nobody sees through the kernel's mount. */
async function notShown({ before, after, through }: Edited) {
  return through(after, async (at) => {
    const [old, brought, mount] = [before, after, at].map(pathFromText) as [never, never, never];
    const missing = [];
    for (const [path, inode] of await inodesBelow(brought, ROOT)) {
      const [was, shown] = [inodeIn(old, path), inodeIn(mount, path)];
      if (was !== undefined && (await compareInodes(inode, was)).length === 0) continue;
      if (shown === undefined || (await compareInodes(inode, shown)).length > 0) missing.push(path);
    }
    return missing.sort();
  });
}

/** A file cannot have a directory's name. */
function withoutClashes(files: Files): Files {
  return 'f/g' in files ? Object.fromEntries(Object.entries(files).filter(([path]) => path !== 'f')) : files;
}

/** What people and programs do. */
const DOINGS: readonly ((path: string) => void)[] = [
  (path) => writeFileSync(path, 'edited'),
  (path) => writeFileSync(path, 'two'),
  (path) => rmSync(path, { recursive: true }),
  (path) => mkdirSync(path, { recursive: true }),
  (path) => chmodSync(path, 0o700),
  (path) => symlinkSync('a', path),
  (path) => renameSync(path, `${path}-moved`),
  (path) => {
    rmSync(path, { recursive: true });
    mkdirSync(path);
  },
];

/** What cannot be done where it is tried is left. */
const EDITS = DOINGS.map((edit) => (path: string) => {
  try {
    edit(path);
  } catch (error) {
    if (!('code' in (error as object))) throw error;
  }
});

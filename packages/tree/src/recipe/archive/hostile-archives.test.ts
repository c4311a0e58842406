import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { systemRunner } from '@goldstream/system';
import { directoryTest } from '@goldstream/testing';
import { type Header, pack } from 'tar-stream';
import { describe, expect } from 'vitest';
import type { ArchiveSource } from '../source.ts';
import { gatherArchive } from './gather-archive.ts';

type Members = readonly (Partial<Header> & { name: string; text?: string; pax?: Record<string, string> })[];

/** What hostile or broken archives do, and how they are refused. Nothing is ever written where they point to. */
const HOSTILE: readonly [problem: string, members: Members, code: string][] = [
  ['an absolute path', [{ name: '/etc/passwd', text: 'x' }], 'TREE_TAR_UNSAFE_PATH'],
  ['a path that climbs out', [{ name: 'a/../../b', text: 'x' }], 'TREE_TAR_UNSAFE_PATH'],
  ['a path that only climbs', [{ name: '..', type: 'directory' }], 'TREE_TAR_UNSAFE_PATH'],
  ['a climbing path in a pax header', [{ name: 'a', pax: { path: '../a' }, text: 'x' }], 'TREE_TAR_UNSAFE_PATH'],
  ['a NUL in a pax path', [{ name: 'a', pax: { path: 'a\0b' }, text: 'x' }], 'TREE_TAR_UNSAFE_PATH'],
  ['a name that is too long', [{ name: 'a', pax: { path: 'n'.repeat(256) }, text: 'x' }], 'TREE_TAR_UNSAFE_PATH'],
  ['a path that is too long', [{ name: 'a', pax: { path: 'abc/'.repeat(1100) }, text: 'x' }], 'TREE_TAR_UNSAFE_PATH'],
  ['a file in place of the root', [{ name: '.', text: 'x' }], 'TREE_TAR_UNSAFE_PATH'],
  [
    'a member below a symlink',
    [
      { name: 'a', type: 'symlink', linkname: '/etc' },
      { name: 'a/passwd', text: 'x' },
    ],
    'TREE_TAR_THROUGH_SYMLINK',
  ],
  [
    'a symlink above an earlier member',
    [
      { name: 'a/passwd', text: 'x' },
      { name: 'a', type: 'symlink', linkname: '/etc' },
    ],
    'TREE_TAR_THROUGH_SYMLINK',
  ],
  [
    'a member below a file',
    [
      { name: 'a', text: 'x' },
      { name: 'a/b/c', text: 'x' },
    ],
    'TREE_TAR_THROUGH_SYMLINK',
  ],
  [
    'one path twice',
    [
      { name: 'a', text: 'x' },
      { name: './a', text: 'y' },
    ],
    'TREE_TAR_DUPLICATE',
  ],
  ['a hard link to the outside', [{ name: 'a', type: 'link', linkname: '/etc/passwd' }], 'TREE_TAR_UNSAFE_PATH'],
  ['a hard link that climbs out', [{ name: 'a', type: 'link', linkname: '../x' }], 'TREE_TAR_UNSAFE_PATH'],
  ['a hard link to nothing', [{ name: 'a', type: 'link', linkname: 'b' }], 'TREE_TAR_BAD_LINK'],
  [
    'a hard link to a directory',
    [
      { name: 'd', type: 'directory' },
      { name: 'a', type: 'link', linkname: 'd' },
    ],
    'TREE_TAR_BAD_LINK',
  ],
  ['a symlink without a text', [{ name: 'a', type: 'symlink', linkname: '' }], 'TREE_TAR_BAD_LINK'],
  ['a character device', [{ name: 'a', type: 'character-device', devmajor: 1, devminor: 3 }], 'TREE_TAR_UNSUPPORTED'],
  ['a block device', [{ name: 'a', type: 'block-device', devmajor: 8 }], 'TREE_TAR_UNSUPPORTED'],
  ['a FIFO', [{ name: 'a', type: 'fifo' }], 'TREE_TAR_UNSUPPORTED'],
  ['a sparse file of GNU tar', [{ name: 'a', pax: { 'GNU.sparse.major': '1' }, text: 'x' }], 'TREE_TAR_UNSUPPORTED'],
  ['an ACL as text', [{ name: 'a', pax: { 'SCHILY.acl.access': 'user::rwx' }, text: 'x' }], 'TREE_TAR_UNSUPPORTED'],
  ['an owner that is no number', [{ name: 'a', pax: { uid: 'root' }, text: 'x' }], 'TREE_TAR_MALFORMED'],
  ['an owner that chown would not set', [{ name: 'a', pax: { gid: '4294967295' }, text: 'x' }], 'TREE_TAR_MALFORMED'],
  ['a member larger than allowed', [{ name: 'a', text: 'x'.repeat(300_000) }], 'TREE_TAR_TOO_LARGE'],
  ['more members than allowed', [1, 2, 3, 4, 5].map((n) => ({ name: `f${n}`, text: 'x' })), 'TREE_TAR_TOO_LARGE'],
];

const LIMITS = { bytes: 200_000, members: 4 };

describe('gatherArchive', () => {
  for (const [problem, members, code] of HOSTILE) {
    directoryTest(`refuses an archive with ${problem}`, async ({ temporaryDirectory }) => {
      const gathering = gather(temporaryDirectory, await tarOf(members));
      await expect(gathering).rejects.toMatchObject({
        code,
        message: expect.stringMatching(/^golden\.yaml:3: a\.tar/),
      });
      expect(await readdir(temporaryDirectory)).toEqual(['a.tar', 'spool']);
    });
  }

  directoryTest('refuses an archive that was cut off at any block', async ({ temporaryDirectory }) => {
    const whole = await tarOf([
      { name: 'a', text: 'x'.repeat(600) },
      { name: 'b', text: 'y' },
    ]);
    for (let length = 0; length < whole.length - 1024; length += 256) {
      const gathering = gather(temporaryDirectory, whole.subarray(0, length));
      await expect(gathering, `${length} bytes`).rejects.toMatchObject({ code: 'TREE_TAR_MALFORMED' });
    }
  });

  directoryTest('refuses what is no archive, and what does not decompress', async ({ temporaryDirectory }) => {
    const noise = Buffer.alloc(4096, 'not a tar archive');
    await expect(gather(temporaryDirectory, noise)).rejects.toMatchObject({ code: 'TREE_TAR_MALFORMED' });
    await expect(gather(temporaryDirectory, noise, 'gzip')).rejects.toMatchObject({ code: 'TREE_TAR_MALFORMED' });
    const cut = gzipSync(await tarOf([{ name: 'a', text: 'x' }])).subarray(0, -9);
    await expect(gather(temporaryDirectory, cut, 'gzip')).rejects.toMatchObject({ code: 'TREE_TAR_MALFORMED' });
  });

  directoryTest('refuses a small file that unpacks to more than allowed', async ({ temporaryDirectory }) => {
    const bomb = gzipSync(Buffer.alloc(1_000_000));
    await expect(gather(temporaryDirectory, bomb, 'gzip')).rejects.toMatchObject({ code: 'TREE_TAR_TOO_LARGE' });
  });

  directoryTest('drops leading components, also of what hard links name', async ({ temporaryDirectory }) => {
    const members: Members = [
      { name: 'top/', type: 'directory' },
      { name: 'top/z', text: 'text' },
      { name: './top/d/a', type: 'link', linkname: 'top/z' },
    ];
    const tree = await gather(temporaryDirectory, await tarOf(members), 'none', 1);
    expect([...tree].map(([path, { kind }]) => `${path} ${kind}`)).toEqual(['d/a file', 'z hard-link']);
  });
});

async function gather(base: string, bytes: Uint8Array, compression: ArchiveSource['compression'] = 'none', strip = 0) {
  const file = join(base, 'a.tar');
  await writeFile(file, bytes);
  await mkdir(join(base, 'spool'), { recursive: true });
  const source = {
    kind: 'archive',
    location: 'golden.yaml:3',
    path: 'a.tar',
    into: '.',
    attributes: 'preserve',
  } as const;
  const tools = { runner: systemRunner, spool: join(base, 'spool'), limits: LIMITS };
  return await gatherArchive({ ...source, compression, strip }, file, tools);
}

async function tarOf(members: Members): Promise<Buffer> {
  const packing = pack();
  for (const { text, ...header } of members) {
    if (text === undefined) packing.entry(header);
    else packing.entry(header, text);
  }
  packing.finalize();
  const chunks: Uint8Array[] = [];
  // tar-stream hands out buffers.
  for await (const chunk of packing as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeCommand, encodeStreamHeader, type NewCommand } from '@goldstream/send-stream';
import { systemRunner } from '@goldstream/system';
import { cli, directoryTest } from '@goldstream/testing';
import { describe, expect, it } from 'vitest';

const builder = cli(fileURLToPath(import.meta.resolve('../src/main.ts')));
const recorded = (name: string) => fileURLToPath(new URL(`../../../fixtures/send-stream/${name}`, import.meta.url));
const FULL = recorded('full.btrfs');
const INCREMENTAL = recorded('incremental.btrfs');
const UUID = '11111111-2222-3333-4444-555555555555';

/** Runs the command, which must succeed, and gives back what it printed. */
async function inspect(...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await builder.run(['inspect', ...args]);
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

describe('goldstream-builder inspect', () => {
  directoryTest(
    'tells the same of a stream raw, compressed, in parts, and piped in',
    async ({ temporaryDirectory }) => {
      const raw = await inspect(FULL);
      expect(raw).toMatch(/^full stream of v1\.0\.0, protocol 1, /);
      expect(raw).toMatch(/^mkfile +\d+ +\d+$/m);
      expect(raw).toMatch(/^ *4\.9 KiB +4\.9 KiB +a\/file$/m);
      expect(raw).toMatch(/^outward-symlink +information +outward +points to /m);

      const compressed = join(temporaryDirectory, 'stream');
      await systemRunner.capture(['zstd', '--quiet', '-o', compressed, FULL]);
      expect(await inspect(compressed)).toBe(raw);
      const bytes = await readFile(compressed);
      const parts = ['part000', 'part001', 'part002'].map((name) => join(temporaryDirectory, name));
      const third = Math.ceil(bytes.length / 3);
      for (const [index, part] of parts.entries()) {
        await writeFile(part, bytes.subarray(index * third, (index + 1) * third));
      }
      expect(await inspect(...parts)).toBe(raw);
      expect(await builder.run(['inspect', '-'], { input: bytes })).toMatchObject({ exitCode: 0, stdout: raw });
    },
  );

  it('answers with one document: head, commands, largest files, findings', async () => {
    expect(JSON.parse(await inspect(INCREMENTAL, '--json'))).toMatchObject({
      head: { kind: 'incremental', name: 'v1.1.0', parent: { uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) } },
      commands: { rename: { count: 5 }, end: { count: 1, bytes: 10 } },
      largest: [
        { path: 'blocks', carried: 16_384 },
        { path: 'a/file', carried: 3000 },
        { path: 'sparse-copy', carried: 0, bytes: 4096 },
      ],
      findings: [],
    });
  });

  it.each(['full', 'incremental', 'incremental-proto-2', 'special'])(
    'dumps the stream %s as btrfs receive does',
    async (name) => {
      const file = recorded(`${name}.btrfs`);
      const [ours, theirs] = await Promise.all([
        systemRunner.run(builder.command(['inspect', '--dump', file])),
        systemRunner.run(['btrfs', 'receive', '--dump', '-f', file]),
      ]);
      expect(ours.stdout).toBe(theirs.stdout);
    },
  );

  it('refuses words that do not go together', async () => {
    for (const words of [
      ['--dump', '--json'],
      ['--dump', '--guard'],
      ['--name', 'v1.0.0'],
      ['--guard', '--name', 'v1.0.0', '--manifest', 'm.json'],
      ['--timeout', 'for ever'],
    ]) {
      expect(await builder.run(['inspect', FULL, ...words])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('CLI_USAGE'),
      });
    }
  });

  directoryTest('names what a wrong file is', async ({ temporaryDirectory }) => {
    const file = join(temporaryDirectory, 'file');
    const archive = join(temporaryDirectory, 'archive.tar');
    await writeFile(file, 'hello, this is no stream\n');
    await systemRunner.capture(['tar', '--create', '--file', archive, '--directory', temporaryDirectory, 'file']);
    await systemRunner.capture(['gzip', '--keep', file]);
    await systemRunner.capture(['zstd', '--quiet', archive]);
    for (const [name, kind] of [
      ['file', 'this is text'],
      ['archive.tar', 'this is a tar archive'],
      ['archive.tar.zst', 'this is a tar archive'],
      ['file.gz', 'this is gzip data'],
    ] as const) {
      expect(await builder.run(['inspect', join(temporaryDirectory, name)])).toMatchObject({
        exitCode: 4,
        stderr: expect.stringMatching(new RegExp(`SEND_STREAM_BAD_MAGIC: .*${kind}`)),
      });
    }
    for (const name of ['absent', '.']) {
      expect(await builder.run(['inspect', join(temporaryDirectory, name)])).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining('BUILDER_UNREADABLE'),
      });
    }
  });

  directoryTest('tells that a stream was cut off', async ({ temporaryDirectory }) => {
    const file = join(temporaryDirectory, 'stream.zst');
    await systemRunner.capture(['zstd', '--quiet', '-o', file, FULL]);
    const compressed = await readFile(file);
    for (const [content, exitCode, code] of [
      [Buffer.alloc(0), 4, 'SEND_STREAM_TRUNCATED'],
      [(await readFile(FULL)).subarray(0, -3), 4, 'SEND_STREAM_TRUNCATED'],
      [compressed.subarray(0, compressed.length - 20), 6, 'TOOL_FAILED: zstd'],
    ] as const) {
      await writeFile(file, content);
      expect(await builder.run(['inspect', file])).toMatchObject({ exitCode, stderr: expect.stringContaining(code) });
    }
  });

  it('does not wait for ever for a stream that stops', async () => {
    const [program, ...args] = builder.command(['inspect', '-', '--timeout', '500ms']);
    const child = spawn(program, args, { stdio: 'pipe' });
    try {
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      // The pipe stays open: nobody says that this was all.
      child.stdin.write((await readFile(FULL)).subarray(0, 200));
      const [exitCode] = await once(child, 'close');
      expect({ exitCode, stderr }).toMatchObject({
        exitCode: 7,
        stderr: expect.stringMatching(/TRANSFER_STALLED: nothing came from standard input for 0\.5 s/),
      });
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('goldstream-builder inspect --guard', () => {
  it('lets a stream pass that is what it should be, and refuses it when it is not', async () => {
    const { head } = JSON.parse(await inspect(INCREMENTAL, '--json')) as {
      head: { uuid: string; transid: string; parent: { uuid: string } };
    };
    const right = ['--guard', '--name', 'v1.1.0', '--parent-uuid', head.parent.uuid];
    expect(await inspect(INCREMENTAL, ...right, '--uuid', head.uuid, '--transid', head.transid)).toMatch(
      /^the guard lets the incremental stream of v1\.1\.0 pass, /,
    );
    expect(await inspect(FULL, '--guard')).toMatch(/^the guard lets the full stream of v1\.0\.0 pass/);
    for (const [words, code] of [
      [['--name', 'v1.2.0', '--parent-uuid', head.parent.uuid], 'GUARD_WRONG_NAME'],
      [['--name', 'v1.1.0'], 'GUARD_WRONG_PARENT'],
      [[...right.slice(1), '--uuid', UUID], 'GUARD_WRONG_UUID'],
      [[...right.slice(1), '--transid', '1'], 'GUARD_WRONG_TRANSID'],
    ] as const) {
      expect(await builder.run(['inspect', INCREMENTAL, '--guard', ...words])).toMatchObject({
        exitCode: 5,
        stderr: expect.stringContaining(code),
      });
    }
  });

  directoryTest(
    'ends with 5 for a hostile stream and 4 for a malformed one, and says where',
    async ({ temporaryDirectory }) => {
      const file = join(temporaryDirectory, 'hostile');
      const hostile = streamOf(
        { kind: 'symlink', path: Buffer.from('out'), ino: 257n, path_link: Buffer.from('/etc') },
        { kind: 'mkfile', path: Buffer.from('out/cron.d'), ino: 258n },
      );
      await writeFile(file, hostile);
      expect(await builder.run(['inspect', '--guard', file])).toMatchObject({
        exitCode: 5,
        stderr: expect.stringMatching(/GUARD_THROUGH_SYMLINK: send stream, byte \d+: mkfile of out\/cron\.d/),
      });
      // Whoever only wants to know what is in it is told.
      expect(await inspect(file)).toMatch(/^names +policy +byte \d+: mkfile: out\/cron\.d/m);

      hostile.writeUInt8(hostile.readUInt8(60) ^ 1, 60);
      await writeFile(file, hostile);
      expect(await builder.run(['inspect', '--guard', file])).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining('SEND_STREAM_CRC_MISMATCH'),
      });
    },
  );
});

/** A full stream of `v1` with these commands. */
function streamOf(...commands: readonly NewCommand[]): Buffer {
  const all: readonly NewCommand[] = [
    { kind: 'subvol', path: Buffer.from('v1'), uuid: UUID, ctransid: 7n },
    ...commands,
    { kind: 'end' },
  ];
  return Buffer.concat([encodeStreamHeader(1), ...all.flatMap((command) => encodeCommand(command, 1))]);
}

import * as fs from 'node:fs';
import { join } from 'node:path';
import { readXattrs, systemRunner } from '@goldstream/system';
import { directoryTest, FOR_BTRFS, LONG_RUN, requireOrSkip, withBtrfs } from '@goldstream/testing';
import { parentAt } from '@goldstream/transfer';
import { describe, expect } from 'vitest';
import { type GuardExpectation, type GuardPolicy, HeadReader, Namespace } from '../src/index.ts';
import type { Entry } from '../src/namespace/entry.ts';
import { followCommand } from '../src/namespace/follow-command.ts';
import { chunked, readAll } from './chunking.ts';
import { churnTree } from './churn-tree.ts';
import { refusalOf } from './guarding.ts';
import { kindOf } from './kind-of.ts';

const ROUNDS = LONG_RUN ? 6 : 3;
const OPERATIONS = LONG_RUN ? 2500 : 800;

describe('what the kernel sends of a tree after random changes', () => {
  for (const [privileged, what] of [
    [false, 'passes the guard'],
    [true, 'passes the guard when everything privileged is listed'],
  ] as const) {
    directoryTest(`${what}, and names follow it`, { timeout: 1_800_000 }, async ({ skip }) => {
      await requireOrSkip(skip, FOR_BTRFS);
      await withBtrfs({ size: 2 ** 31, options: ['compress=zstd'] }, async (pool) => {
        const golden = join(pool, 'golden');
        await systemRunner.capture(['btrfs', 'subvolume', 'create', golden]);
        const versions: string[] = [];
        for (let round = 0; round < ROUNDS; round++) {
          const seed = 1000 * Number(privileged) + round;
          await churnTree(golden, { seed, operations: OPERATIONS, privileged });
          const version = join(pool, `v${round}`);
          await systemRunner.capture(['btrfs', 'subvolume', 'snapshot', '-r', golden, version]);
          for (const parent of [undefined, versions.at(-1), versions.at(0)]) {
            for (const protocol of [
              ['--proto', '1'],
              ['--proto', '2', '--compressed-data'],
            ]) {
              const stream = await send(pool, version, parent, protocol);
              const says = `seed ${seed}, ${parent ?? 'full'}, ${protocol.join(' ')}`;
              const expected = await expectationOf(stream, version, parent);
              const { error, passed } = refusalOf(expected, chunked(stream, [100_000]));
              expect(error, says).toBeUndefined();
              expect(passed.equals(stream), says).toBe(true);
              expectSameNames(stream, version, parent);
              if (!privileged) continue;
              const { error: unlisted } = refusalOf({ ...expected, policy: undefined }, [stream]);
              expect(unlisted, says).toMatchObject({ exitCode: 5 });
            }
          }
          versions.push(version);
        }
      });
    });
  }
});

async function send(pool: string, version: string, parent: string | undefined, options: readonly string[]) {
  const file = join(pool, 'stream');
  const from = parent === undefined ? [] : ['-p', parent];
  await systemRunner.run(['btrfs', 'send', '--quiet', ...options, ...from, '-f', file, version]);
  const stream = fs.readFileSync(file);
  fs.rmSync(file);
  return stream;
}

/** What a manifest would say: no more than the snapshot has. */
async function expectationOf(
  stream: Uint8Array,
  version: string,
  parent: string | undefined,
): Promise<GuardExpectation> {
  const reader = new HeadReader();
  reader.push(stream);
  const head = reader.end();
  const files = new Map<number, number>();
  for (const path of everyPath(version)) {
    const stats = fs.lstatSync(join(version, path));
    if (stats.isFile()) files.set(stats.ino, stats.size);
  }
  return {
    ...head,
    parentUuid: head.parent?.uuid,
    ...(parent === undefined
      ? { parent: undefined }
      : { parent: parentAt(parent), parentPolicy: await policyOf(parent) }),
    policy: await policyOf(version),
    maxBytes: stream.length,
    maxFiles: files.size,
    maxFileBytes: [...files.values()].reduce((sum, size) => sum + size, 0),
  };
}

/** Everything in a tree that has to be allowed. */
async function policyOf(root: string): Promise<GuardPolicy> {
  const paths = everyPath(root).map((path) => ({ path, stats: fs.lstatSync(join(root, path)) }));
  const capabilities: string[] = [];
  for await (const { path, xattrs } of readXattrs(systemRunner, root)) {
    if (xattrs.has('security.capability'))
      capabilities.push(
        Buffer.from(path, 'latin1')
          .toString()
          .slice(root.length + 1),
      );
  }
  return {
    setuid: paths.filter(({ stats }) => !stats.isSymbolicLink() && stats.mode & 0o6000).map(({ path }) => path),
    devices: paths.filter(({ stats }) => stats.isCharacterDevice()).map(({ path }) => path),
    capabilities,
    xattrs: [],
  };
}

function everyPath(root: string, directory = ''): string[] {
  return fs.readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? [path, ...everyPath(root, path)] : [path];
  });
}

/** The names after the last command are those of the snapshot, object for object. */
function expectSameNames(stream: Uint8Array, version: string, parent: string | undefined): void {
  const names = new Namespace(parent === undefined ? undefined : parentAt(parent));
  const made = new Map<Entry, bigint>();
  for (const command of readAll([stream])) {
    const entry = followCommand(names, command);
    if (entry !== undefined && 'ino' in command) made.set(entry, command.ino);
  }
  for (const path of everyPath(version)) {
    const stats = fs.lstatSync(join(version, path));
    const entry = names.get(Buffer.from(path));
    const ino = made.get(entry) ?? lookedUp(parent, entry.parentPath);
    expect([path, entry.kind, Number(ino)]).toEqual([path, kindOf(stats), stats.ino]);
  }
  for (const { directory, name, entry } of names.names()) {
    const path = Buffer.from(directory === '' ? name : `${directory}/${name}`, 'latin1');
    const there = fs.lstatSync(Buffer.concat([Buffer.from(`${version}/`), path]), { throwIfNoEntry: false });
    expect([path.toString(), there !== undefined]).toEqual([path.toString(), entry !== undefined]);
  }
}

function lookedUp(parent: string | undefined, path: string | undefined): number {
  return fs.lstatSync(Buffer.from(`${Buffer.from(parent ?? '').toString('latin1')}/${path}`, 'latin1')).ino;
}

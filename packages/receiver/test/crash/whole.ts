import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { snapshotOfTree } from '@goldstream/testing';
import type { Status } from '../../src/status/status.ts';
import type { TargetHost } from '../target-host.ts';
import type { Operation } from './operation.ts';

type Tree = Readonly<Record<string, string>>;

/** What each version's tree is, by version, as a host that was never disturbed has it: before a command, and after. */
export type KnownTrees = Map<string, readonly Tree[]>;

/** Notes the trees of all versions that a host has. */
export async function noteTrees(host: TargetHost, trees: KnownTrees): Promise<void> {
  for (const { version } of (await host.status()).versions) {
    const tree = await snapshotOfTree(join(host.layout.deploy, version));
    trees.set(version, [...(trees.get(version) ?? []), tree]);
  }
}

/**
 * `status` answers, and what is active is one of the versions of the operation, mounted, with every file as released.
 * Gives back the answer.
 */
export async function demandWhole(
  host: TargetHost,
  { active: allowed }: Operation,
  trees: KnownTrees,
): Promise<Status> {
  const status = await host.status();
  const active = status.active ?? undefined;
  if (!allowed.includes(active?.version)) {
    throw new Error(`${active?.version ?? 'nothing'} is active, expected ${allowed.map(String).join(' or ')}`);
  }
  if (active === undefined) return status;
  if (!active.mounted) throw new Error(`${active.version} is active and not mounted`);
  const running = await snapshotOfTree(join(host.layout.current, 'root'));
  const known = trees.get(active.version) ?? [];
  // Only what heals a version changes its tree: before it, or after it, and nothing between.
  if (!known.some((tree) => isDeepStrictEqual(tree, running))) {
    demandSame(`${active.version} as it runs`, running, known.at(-1) ?? {});
  }
  return status;
}

/** Fails with the lines that differ: `-` is missing, `+` should not be there. */
export function demandSame(what: string, found: Tree, expected: Tree): void {
  const line = (sign: string, of: Tree, than: Tree) =>
    Object.keys(of).flatMap((path) => (of[path] === than[path] ? [] : [`${sign} ${path}: ${of[path]}`]));
  const lines = [...line('-', expected, found), ...line('+', found, expected)];
  if (lines.length === 0) return;
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more`] : [];
  throw new Error([`${what} is not as it should be`, ...lines.slice(0, SHOWN), ...more].join('\n  '));
}

/** Lines of a difference that are told. */
const SHOWN = 12;

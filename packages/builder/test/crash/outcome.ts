import { systemRunner } from '@goldstream/system';
import { snapshotOfTree } from '@goldstream/testing';
import type { Workshop } from '../workshop.ts';

/** Everything in a workshop that two runs of one command must leave alike, one line each. */
export type Outcome = Readonly<Record<string, string>>;

/**
 * What is in a workshop: trees with their contents; records, streams and what is published by name, type and owner
 * only, because they hold times and signatures. What gpg does in its own home is gpg's.
 */
export async function outcomeOf({ directory, layout }: Workshop): Promise<Outcome> {
  const inside = (path: string) => path.slice(directory.length + 1);
  const trees = [layout.golden, layout.snapshots].map((path) => `${inside(path)}/`);
  const gnupg = `${inside(layout.gnupg)}/`;
  const lines = Object.entries(await snapshotOfTree(directory))
    .filter(([path]) => !path.startsWith(gnupg))
    .map(([path, line]) => [path, isIn(trees, path) ? line : line.split(' ').slice(0, 3).join(' ')]);
  const listed = await systemRunner.capture(['btrfs', 'subvolume', 'list', '-t', '-r', layout.pool]);
  const frozen = listed.split('\n').flatMap((line) => /\t(\S+)\s*$/.exec(line)?.slice(1) ?? []);
  return Object.fromEntries([...lines, ...frozen.map((path) => [`subvolume ${path}`, 'is read-only'])]);
}

function isIn(trees: readonly string[], path: string): boolean {
  return trees.some((tree) => path.startsWith(tree));
}

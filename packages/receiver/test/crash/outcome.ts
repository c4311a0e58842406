import { systemRunner } from '@goldstream/system';
import { mountsUsing, snapshotOfTree } from '@goldstream/testing';
import type { TargetHost } from '../target-host.ts';

/** Everything on a host that two runs of one command must leave alike, one line each. */
export type Outcome = Readonly<Record<string, string>>;

/**
 * What is on a host, whenever it came to be: deployments are counted in their order instead of by number, because one
 * that was cut off has used up a number; records are told by name only, because they hold times.
 */
export async function outcomeOf(host: TargetHost): Promise<Outcome> {
  const { root, layout } = host;
  const inRoot = (path: string) => path.slice(root.length + 1);
  const found = await snapshotOfTree(root);
  delete found[inRoot(layout.lock)];
  const plain = plainNumbers(Object.keys(found), inRoot(layout.live));
  const state = `${inRoot(layout.state)}/`;
  const entries = Object.entries(found).map(([path, line]) => [
    plain(path),
    path.startsWith(state) ? line.split(' ').slice(0, 3).join(' ') : plain(line),
  ]);
  const subvolumes = await systemRunner.capture(['btrfs', 'subvolume', 'list', layout.pool]);
  const paths = subvolumes.split('\n').flatMap((line) => /path (.*)$/.exec(line)?.slice(1) ?? []);
  const lines = [
    ...paths.map((path) => [`subvolume ${plain(path)}`, 'is there']),
    ...(await mountsUsing(root)).map((path) => [`mount ${plain(inRoot(path))}`, 'is there']),
  ];
  // Each is a pair of texts.
  return Object.fromEntries([...entries, ...lines]) as Outcome;
}

/** Replaces numbers of deployments by their place among those that are there: `live/0003` → `live/#2`. */
function plainNumbers(paths: readonly string[], live: string): (text: string) => string {
  const numbers = paths.flatMap((path) =>
    path.startsWith(`${live}/`) ? [path.slice(live.length + 1, live.length + 5)] : [],
  );
  const places = new Map([...new Set(numbers)].sort().map((number, index) => [number, `#${index + 1}`]));
  return (text) => text.replace(/\b\d{4}\b/g, (number) => places.get(number) ?? number);
}

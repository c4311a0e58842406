import { systemRunner } from '@goldstream/system';
import { mountsUsing, snapshotOfTree } from '@goldstream/testing';
import type { TargetHost } from '../target-host.ts';

/** Everything on a host that two runs of one command must leave alike, one line each. */
export type Outcome = Readonly<Record<string, string>>;

/**
 * What is on a host, whenever it came to be: deployments are counted in their order instead of by number, because one
 * that was cut off has used up a number, of which only a record is left; records are told by name only, because they
 * hold times; how versions were verified is left out, because not every run does. Which of the older deployments are
 * mounted depends on when the host was started; `demandWhole` looks at the active one.
 */
export async function outcomeOf(host: TargetHost): Promise<Outcome> {
  const { root, layout } = host;
  const inRoot = (path: string) => path.slice(root.length + 1);
  const [live, state] = [`${inRoot(layout.live)}/`, `${inRoot(layout.state)}/`];
  // Who held the lock last; and a head of the audit trail that the next entry replaces.
  const passing = [inRoot(layout.lock), `${state}.audit.head.new`];
  const found = Object.entries(await snapshotOfTree(root));
  const plain = placeOf(
    found.flatMap(([path]) => (path.startsWith(live) ? [path.slice(live.length).slice(0, 4)] : [])),
  );
  const isChecks = (path: string) => `${path}/`.startsWith(`${state}checks/`);
  const isRemoved = (path: string) => path.startsWith(state) && NUMBER.test(path) && plain(path) === path;
  const isMounted = (path: string) => path.startsWith(live) && path.includes('/root/');
  const lines = found
    .filter(([path]) => !passing.includes(path) && !isChecks(path) && !isRemoved(path) && !isMounted(path))
    .map(([path, line]) => [plain(path), path.startsWith(state) ? line.split(' ').slice(0, 3).join(' ') : plain(line)]);
  const listed = await systemRunner.capture(['btrfs', 'subvolume', 'list', layout.pool]);
  const subvolumes = listed.split('\n').flatMap((line) => /path (.*)$/.exec(line)?.slice(1) ?? []);
  const mounts = (await mountsUsing(root)).map(inRoot).filter((path) => !path.startsWith(live));
  return Object.fromEntries([
    ...lines,
    ...subvolumes.map((path) => [`subvolume ${plain(path)}`, 'is there']),
    ...mounts.map((path) => [`mount ${path}`, 'is there']),
  ]);
}

/** How deployments are named in paths. */
const NUMBER = /\b\d{4}\b/;

/** Replaces numbers by their place among those that are there: `live/0003` → `live/#2`. */
function placeOf(numbers: readonly string[]): (text: string) => string {
  const places = new Map([...new Set(numbers)].sort().map((number, index) => [number, `#${index + 1}`]));
  return (text) => text.replaceAll(new RegExp(NUMBER, 'g'), (number) => places.get(number) ?? number);
}

import { lstat, readdir, readlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Layout } from '../host/layout.ts';
import { TEMPORARY } from '../integrate/place-file.ts';
import { deploymentSite } from '../integrate/site.ts';
import type { SystemFacts } from '../integrate/system-facts.ts';

/**
 * What was written to take another name, and never did. In the pool: `.NAME.new` where only this program writes. On the
 * system, where an intent was at work: the file under construction beside a target, and a new link of ours.
 */
export async function findLeftovers(layout: Layout, system: SystemFacts | undefined): Promise<readonly string[]> {
  const places = [...(system?.targets.values() ?? [])].map(({ place }) => place);
  const found = await Promise.all([
    ...[layout.pool, layout.state, ...RECORDS.map((name) => join(layout.state, name))].map(inPool),
    ...[...new Set(places.map(dirname))].map(async (directory) => ifFile(join(directory, TEMPORARY))),
    ...places.map((place) => ifOurLink(layout, place)),
  ]);
  return found.flat().toSorted();
}

/** Directories of records below `state/`. */
const RECORDS = ['versions', 'checks', 'manifests', 'deployments'] as const;

async function inPool(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => /^\..+\.new$/.test(name)).map((name) => join(directory, name));
}

async function ifFile(path: string): Promise<readonly string[]> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() === true ? [path] : [];
}

/** The text of a link tells whose it is. */
async function ifOurLink(layout: Layout, place: string): Promise<readonly string[]> {
  const path = join(dirname(place), `.${basename(place)}.new`);
  const text = await readlink(path).catch(() => '');
  return text.startsWith(`${deploymentSite(layout).links}/`) ? [path] : [];
}

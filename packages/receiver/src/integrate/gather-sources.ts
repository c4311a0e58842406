import { join } from 'node:path';
import type { FileType } from '@goldstream/component';
import { ReceiverError } from '../error.ts';
import { findOwners } from './find-owners.ts';
import type { InstalledComponent } from './installed-component.ts';
import { kindAt, readFileFacts } from './look-at-place.ts';
import { resolveInside } from './resolve-inside.ts';
import type { Site } from './site.ts';
import type { CopySource, Found } from './system-facts.ts';

/**
 * Looks at the files of components in the version's own tree: all must be there, as what their type asks for. Those that
 * are copied are read.
 * @returns the files to copy, by target
 * @throws ReceiverError `DEPLOY_INCOMPLETE_TREE` naming everything that is missing or of another type
 */
export async function gatherSources(
  { root }: Site,
  components: readonly InstalledComponent[],
): Promise<ReadonlyMap<string, CopySource>> {
  const ownerOf = await findOwners(root);
  const sources = new Map<string, CopySource>();
  const problems: string[] = [];
  for (const { name, folder, manifest } of components) {
    for (const { path, target, type, mode, owner } of manifest.files) {
      const { place } = await resolveInside(folder, path);
      const kind = await kindAt(place);
      const owned = ownerOf(owner);
      const needed = NEEDED[type];
      if (!needed.includes(kind)) {
        problems.push(`${join(name, path)} is ${NAMES[kind]}, ${type} needs ${NAMES[needed[0]]}`);
      } else if (needed === COPIED) {
        const found = await readFileFacts(place);
        sources.set(target, { path: place, sha256: found.sha256, mode: mode ?? found.mode, ...owned });
      }
    }
  }
  if (problems.length === 0) return sources;
  throw new ReceiverError('DEPLOY_INCOMPLETE_TREE', `the version lacks what it promises: ${problems.join('; ')}`, {
    hint: 'Correct the golden subvolume and release a new version.',
  });
}

type Needed = readonly [Found['kind'], ...Found['kind'][]];

/** A link in place of a file is not copied: it would bring whatever the host has where it leads. */
const COPIED: Needed = ['file'];

/** What each type may be in the tree. A system link may lead to anything that is there. */
const NEEDED: Readonly<Record<FileType, Needed>> = {
  symlink: ['file', 'link', 'directory'],
  directory: ['directory'],
  copy: COPIED,
  'copy-if-not-exists': COPIED,
  'systemd-unit': COPIED,
  dbus: COPIED,
};

const NAMES: Readonly<Record<Found['kind'], string>> = {
  absent: 'not there',
  link: 'a link',
  file: 'a regular file',
  directory: 'a directory',
  other: 'a special file',
};

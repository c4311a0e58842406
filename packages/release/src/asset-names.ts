import type { Version } from './version.ts';

/** Name of the file with the digests of all others, as `sha256sum -c` reads it. */
export const SUMS_NAME = 'SHA256SUMS';

/** What an application may be called: it is part of file names, paths and unit names. At most 64 characters. */
export const APPLICATION_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const MAX_APPLICATION_LENGTH = 64;

/** Tells whether an application may be called so: `op-dbus`, lower case, no dots. */
export function isApplicationName(text: string): boolean {
  return text.length <= MAX_APPLICATION_LENGTH && APPLICATION_NAME.test(text);
}

/** Every stream asset of a release starts with this. */
export function assetPrefix(application: string, version: Version): string {
  return `${application}-${version}.`;
}

/** Names of a full stream's parts; a single part has no `.partNNN`. */
export function fullAssetNames(application: string, version: Version, parts: number): readonly string[] {
  return partNames(`${assetPrefix(application, version)}full.btrfs.zst`, parts);
}

/** Names of the parts of an incremental stream on `parent`. */
export function incrementalAssetNames(
  application: string,
  version: Version,
  parent: Version,
  parts: number,
): readonly string[] {
  return partNames(`${assetPrefix(application, version)}from-${parent}.btrfs.zst`, parts);
}

/** Name of a version's release manifest. */
export function manifestName(application: string, version: Version): string {
  return `${assetPrefix(application, version)}manifest.json`;
}

/** Names of what a version changes since its newest parent: for programs, and for people. */
export function changesNames(
  application: string,
  version: Version,
): { readonly json: string; readonly markdown: string } {
  const stem = `${assetPrefix(application, version)}changes`;
  return { json: `${stem}.json`, markdown: `${stem}.md` };
}

/** Name of the detached signature of the file `name`. */
export function signatureName(name: string): string {
  return `${name}.asc`;
}

function partNames(whole: string, parts: number): readonly string[] {
  if (parts === 1) return [whole];
  return Array.from({ length: parts }, (_, index) => `${whole}.part${String(index).padStart(3, '0')}`);
}

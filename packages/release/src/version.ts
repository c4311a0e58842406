import { compare, valid } from 'semver';
import { ReleaseError } from './error.ts';

type Numbers = `v${number}.${number}.${number}`;

/** A released version and the tag it is published under: `v1.3.0`, `v2.0.0-rc.1`. Semantic, without build metadata. */
export type Version = Numbers | `${Numbers}-${string}`;

/** Longest version; keeps every asset name, which can hold two of them, below the 255 bytes of a file name. */
const MAX_LENGTH = 64;

/** Tells whether `text` is a version exactly as it would be published. */
export function isVersion(text: string): text is Version {
  return text.length <= MAX_LENGTH && text.startsWith('v') && valid(text) === text.slice(1);
}

/**
 * Reads a version that a person typed. Documents are judged by their own schema.
 *
 * @throws ReleaseError `RELEASE_BAD_VERSION`
 */
export function parseVersion(text: string): Version {
  if (isVersion(text)) return text;
  throw new ReleaseError('RELEASE_BAD_VERSION', `${JSON.stringify(text)} is not vMAJOR.MINOR.PATCH[-pre]`, {
    hint: isVersion(`v${text}`) ? `Write v${text}.` : 'Write it like v1.3.0 or v2.0.0-rc.1.',
  });
}

/** Negative when `a` is older than `b`; a pre-release is older than its release (semver.org, section 11). */
export function compareVersions(a: Version, b: Version): number {
  return compare(a, b);
}

/** The versions, oldest first. */
export function sortVersions(versions: Iterable<Version>): readonly Version[] {
  return [...versions].sort(compareVersions);
}

/** The newest of the versions, `undefined` when there are none. */
export function newest(versions: Iterable<Version>): Version | undefined {
  return sortVersions(versions).at(-1);
}

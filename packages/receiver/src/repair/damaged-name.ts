import { isVersion, type Version } from '@goldstream/release';
import { numberName } from '../host/layout.ts';

/** A damaged copy of a version that was set aside, as its name in `deploy/` tells. */
export interface DamagedName {
  readonly name: string;
  readonly version: Version;
  /** Deployments from this number on were made after it was set aside: they cannot have it below them. */
  readonly before: number;
}

const NAME = /^\.damaged-(v.+)-(\d{4,9})-([0-9a-f]{8})$/;

/**
 * The name under which a damaged copy is set aside. It says which deployments may use it, because nothing else does: an
 * overlay's options go on naming the path that the copy had when it was mounted.
 */
export function damagedName(version: Version, nextNumber: number, uuid: string): string {
  return `.damaged-${version}-${numberName(nextNumber)}-${uuid.slice(0, 8)}`;
}

/** Reads such a name; undefined for every other. */
export function parseDamagedName(name: string): DamagedName | undefined {
  const [, version = '', before] = NAME.exec(name) ?? [];
  return isVersion(version) && before !== undefined ? { name, version, before: Number(before) } : undefined;
}

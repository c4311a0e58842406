import { access } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CliError } from '@goldstream/cli';
import { manifestName, type Version } from '@goldstream/release';

/** A stream that is given with `--from`, not fetched. */
export interface LocalInput {
  /** In order; none: standard input. */
  readonly files: readonly string[];
  /** Of the files, without their directories. */
  readonly names: readonly string[];
}

/**
 * What `--from` names: `-`, one file, several in order, or the first part of a cut stream (`….part000`), whose siblings
 * are found beside it. Undefined: nothing.
 */
export async function findInput(from: readonly string[]): Promise<LocalInput | undefined> {
  if (from.length === 0) return undefined;
  if (from.length > 1 && from.includes('-')) {
    throw new CliError('CLI_USAGE', '--from - is standard input and excludes other files');
  }
  const [first = ''] = from;
  if (first === '-') return { files: [], names: [] };
  const files = from.length === 1 && first.endsWith(PART_ZERO) ? await partsFrom(first) : from;
  return { files, names: files.map((file) => basename(file)) };
}

/** The manifest of a version beside a file, when there is one with a signature. */
export async function manifestBeside(
  { files: [first] }: LocalInput,
  application: string,
  version: Version,
): Promise<string | undefined> {
  if (first === undefined) return undefined;
  const manifest = join(dirname(first), manifestName(application, version));
  return (await isThere(manifest)) ? manifest : undefined;
}

const PART_ZERO = '.part000';

async function partsFrom(first: string): Promise<readonly string[]> {
  const stem = first.slice(0, -PART_ZERO.length);
  const parts = [first];
  for (;;) {
    const next = `${stem}.part${String(parts.length).padStart(3, '0')}`;
    if (!(await isThere(next))) return parts;
    parts.push(next);
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

import { CliError } from '@goldstream/cli';
import { parseVersion, type Version } from '@goldstream/release';
import { EDITS_POLICIES } from '../overlay/plan-edits.ts';
import type { Sources } from '../receive/find-release.ts';

/** A version as typed. */
export const version = {
  type: 'parsed',
  parse: (text: string): Version => parseVersion(text),
  placeholder: 'version',
} as const;

/** Where a release is described and fetched from. */
export const sourceOptions = {
  store: { type: 'string', placeholder: 'url', summary: 'another store than the configured one' },
  manifest: {
    type: 'string',
    placeholder: 'file',
    summary: 'signed manifest of a version received by hand; FILE.asc lies beside it',
  },
} as const;

/** A stream that is at hand. */
export const from = {
  type: 'string',
  placeholder: 'file',
  repeatable: true,
  summary: 'a stream that is at hand: a file, its parts in order, or - for standard input; raw or .zst',
} as const;

/** The only way round signatures: this run, nowhere else. */
export const allowUnsigned = {
  type: 'boolean',
  summary: 'take what was received by hand WITHOUT proof, in this run',
} as const;

/** The way round a target that somebody else has. */
export const adopt = {
  type: 'boolean',
  summary: 'keep what somebody else has at a target in backup/, and put it back when the target is given up',
} as const;

/** What happens to operators' edits that are in the way of what a version brings. */
export const edits = {
  type: 'choice',
  choices: EDITS_POLICIES,
  summary:
    'edits of this host that hide what the version brings: keep them, take the vendor’s, or stop (default: as configured)',
} as const;

/** The sources among a command's values. */
export function sourcesOf({
  store,
  manifest,
}: {
  readonly store: string | undefined;
  readonly manifest: string | undefined;
}): Sources {
  if (store !== undefined && manifest !== undefined) {
    throw new CliError(
      'CLI_USAGE',
      '--store and --manifest exclude each other: a manifest file says where the release is described',
    );
  }
  return { store, manifest };
}

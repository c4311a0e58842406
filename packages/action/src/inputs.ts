import { parseVersion, type Version } from '@goldstream/release';
import { ActionError } from './error.ts';

/** What the workflow asked for. */
export interface Inputs {
  readonly recipe: string;
  readonly version: Version;
  readonly signingKey: string;
  readonly passphrase: string | undefined;
  readonly token: string;
  readonly channel: string | undefined;
  readonly draft: boolean;
  readonly dryRun: boolean;
}

/** The part of `@actions/core` that inputs are read with. */
export interface InputReader {
  getInput(name: string): string;
  getBooleanInput(name: string): boolean;
  /** From here on the runner writes `***` instead of it. */
  setSecret(secret: string): void;
}

/**
 * Reads every input, once. Secrets are masked before anything else happens, line by line: a runner masks what it is
 * told, and a log shows a key line by line.
 *
 * @param ref what the workflow runs on: `refs/tags/v1.3.0`
 * @throws ActionError `ACTION_INPUT_MISSING`, `ACTION_NO_TAG`; ReleaseError for what is no version
 */
export function readInputs(core: InputReader, ref: string): Inputs {
  const signingKey = core.getInput('signing-key');
  const passphrase = core.getInput('passphrase') || undefined;
  const token = core.getInput('token');
  for (const secret of [token, passphrase ?? '', ...signingKey.split(/\r?\n/)]) {
    if (secret.trim() !== '') core.setSecret(secret);
  }
  for (const [name, value] of [
    ['signing-key', signingKey],
    ['token', token],
  ] as const) {
    if (value === '') throw missing(name);
  }
  return {
    recipe: core.getInput('recipe') || 'golden',
    version: parseVersion(core.getInput('version') || tagOf(ref)),
    signingKey,
    passphrase,
    token,
    channel: core.getInput('channel') || undefined,
    draft: core.getBooleanInput('draft'),
    dryRun: core.getBooleanInput('dry-run'),
  };
}

function missing(name: string): ActionError {
  return new ActionError('ACTION_INPUT_MISSING', `the input ${name} is empty`, {
    hint: `Give it from a secret: ${name}: \${{ secrets.… }}. Workflows of forks get no secrets.`,
  });
}

function tagOf(ref: string): string {
  const [, tag] = /^refs\/tags\/(.+)$/.exec(ref) ?? [];
  if (tag !== undefined) return tag;
  throw new ActionError('ACTION_NO_TAG', `the workflow runs on ${ref || 'nothing'}, which is no tag`, {
    hint: 'Run it on tags, or give the input version.',
  });
}

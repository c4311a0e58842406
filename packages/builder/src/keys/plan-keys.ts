import { CliError } from '@goldstream/cli';
import type { Plan } from '@goldstream/plan';
import type { SecretKey } from '@goldstream/system';
import { BuilderError } from '../error.ts';
import type { KeyFacts } from './facts.ts';

/** Makes a signing key. */
export interface CreateKeyStep {
  readonly kind: 'create-key';
  readonly says: string;
  readonly userId: string;
  /** gpg's notation: `2y`, `0` for never. */
  readonly expires: string;
}

/** Writes a public key to a file, or to stdout. */
export interface ExportKeyStep {
  readonly kind: 'export-key';
  readonly says: string;
  readonly fingerprint: string;
  readonly armor: boolean;
  /** Undefined for stdout. */
  readonly to: string | undefined;
}

/**
 * One key is enough; a second one is made only when asked for.
 * @throws BuilderError `BUILDER_KEY_EXISTS`
 */
export function planCreateKey(
  { home, keys }: KeyFacts,
  { userId, expires, another }: { readonly userId: string; readonly expires: string; readonly another: boolean },
): Plan<CreateKeyStep> {
  if (home.kind === 'given') {
    throw new CliError('CLI_USAGE', 'keys create and --signing-key were given, expected one of them');
  }
  const where = home.kind === 'ours' ? home.path : 'the GnuPG home of GNUPGHOME';
  const [first] = keys;
  if (first !== undefined && !another) {
    throw new BuilderError('BUILDER_KEY_EXISTS', `${where} has the key ${first.fingerprint} (${first.userId})`, {
      hint: 'Use that one, or make a further one with --another.',
    });
  }
  const lasting = expires === '0' ? 'that does not expire' : `that expires after ${expires}`;
  const says = `make an ed25519 signing key for “${userId}” ${lasting}, without a passphrase`;
  return { goal: `a signing key in ${where}`, steps: [{ kind: 'create-key', says, userId, expires }] };
}

/** Hands the public key out. */
export function planExportKey(
  key: SecretKey,
  { to, armor, toTerminal }: { readonly to: string | undefined; readonly armor: boolean; readonly toTerminal: boolean },
): Plan<ExportKeyStep> {
  if (to === undefined && !armor && toTerminal) {
    throw new BuilderError('BUILDER_BINARY_TO_TERMINAL', 'a binary keyring would be written to a terminal', {
      hint: 'Name a file with --out, or ask for text with --armor.',
    });
  }
  const says = `write the public key ${key.fingerprint}${armor ? ', armoured,' : ''} to ${to ?? 'stdout'}`;
  return {
    goal: `the public key of ${key.userId}`,
    steps: [{ kind: 'export-key', says, fingerprint: key.fingerprint, armor, to }],
  };
}

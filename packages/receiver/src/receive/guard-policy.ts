import type { PolicyRequest, ReleaseManifest } from '@goldstream/release';
import { ReceiverError } from '../error.ts';
import type { Allow } from '../host/config.ts';

/** What a stream may bring beyond the usual: what its signed manifest asks for *and* this host allows. */
export function guardPolicy(asked: PolicyRequest, allow: Allow): PolicyRequest {
  const names = new Set(allow.xattrs);
  return {
    setuid: allow.suid ? asked.setuid : [],
    capabilities: allow.capabilities ? asked.capabilities : [],
    devices: allow.dev ? asked.devices : [],
    xattrs: asked.xattrs.filter((name) => names.has(name)),
  };
}

/** Named in a message; the rest is counted. */
const MOST_NAMED = 5;

/**
 * Refuses a release that asks for more than this host allows, before a byte of it is fetched.
 * @throws ReceiverError `RECEIVE_NOT_ALLOWED` that names all of it and the settings that would allow it
 */
export function demandAllowed(
  { version, policy }: Pick<ReleaseManifest, 'version' | 'policy'>,
  allow: Allow,
  config: string,
): void {
  const granted = guardPolicy(policy, allow);
  const beyond = QUESTIONS.flatMap(({ key, what, setting }) => {
    const refused = policy[key].filter((one) => !granted[key].includes(one));
    return refused.length === 0 ? [] : [{ says: `${what} (${named(refused)})`, setting: setting(refused) }];
  });
  if (beyond.length === 0) return;
  throw new ReceiverError(
    'RECEIVE_NOT_ALLOWED',
    `${version} asks for ${beyond.map(({ says }) => says).join(', ')}; this host does not allow that`,
    { hint: `If you trust it with that, set ${beyond.map(({ setting }) => setting).join(', ')} in ${config}.` },
  );
}

interface Question {
  readonly key: keyof PolicyRequest;
  readonly what: string;
  readonly setting: (refused: readonly string[]) => string;
}

const QUESTIONS: readonly Question[] = [
  { key: 'setuid', what: 'set-uid or set-gid bits', setting: () => 'allow.suid: true' },
  { key: 'capabilities', what: 'file capabilities', setting: () => 'allow.capabilities: true' },
  { key: 'devices', what: 'device nodes', setting: () => 'allow.dev: true' },
  { key: 'xattrs', what: 'extended attributes', setting: (names) => `allow.xattrs: [${names.join(', ')}]` },
];

function named(things: readonly string[]): string {
  const more = things.length > MOST_NAMED ? ` and ${things.length - MOST_NAMED} more` : '';
  return `${things.slice(0, MOST_NAMED).join(', ')}${more}`;
}

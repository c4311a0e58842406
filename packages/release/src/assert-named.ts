import type { Channel } from './channel.ts';
import { ReleaseError } from './error.ts';
import type { Sha256 } from './sha256.ts';
import type { Version } from './version.ts';

/**
 * Passes for the one manifest that an accepted channel names for its version. Such a manifest is proven by the
 * channel's signature: it stays usable after the key that signed it has expired, was retired or withdrawn. Everything
 * else is refused, however well signed (mix-and-match).
 *
 * @throws ReleaseError `RELEASE_WITHDRAWN`, `RELEASE_NOT_NAMED`
 */
export function assertNamed(
  { version, sha256 }: { readonly version: Version; readonly sha256: Sha256 },
  { channel, releases, withdrawn }: Channel,
): void {
  const reason = withdrawn.find((entry) => entry.version === version)?.reason;
  if (reason !== undefined) {
    throw new ReleaseError('RELEASE_WITHDRAWN', `${version} was withdrawn from channel ${channel}: ${reason}`, {
      hint: 'Take another version: `goldstream-receiver list` shows which.',
    });
  }
  const named = releases.find((entry) => entry.version === version)?.manifestSha256;
  if (named === sha256) return;
  const expected = named === undefined ? 'does not offer it' : `names a manifest with SHA-256 ${named}`;
  throw new ReleaseError(
    'RELEASE_NOT_NAMED',
    `the manifest of ${version} has SHA-256 ${sha256}, channel ${channel} ${expected}`,
    {
      hint:
        named === undefined
          ? 'Take a version that the channel offers.'
          : 'The store mixes releases up: tell its publisher.',
    },
  );
}

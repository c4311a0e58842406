import { CodedError } from '@goldstream/errors';
import { newestVersion } from '@goldstream/store';
import type { Tools } from '../host/tools.ts';
import { findRelease, storeOf } from '../receive/find-release.ts';
import { demandAllowed } from '../receive/guard-policy.ts';
import { currentVersion } from '../trust/current-version.ts';

/**
 * Whether the newest release asks for more than this host allows.
 * @throws ReceiverError `RECEIVE_NOT_ALLOWED` when it does
 * @returns what was found, or why nobody can tell: that is for other checks to complain about
 */
export async function checkPolicy(tools: Tools): Promise<{ readonly verdict: 'ok' | 'warn'; readonly found: string }> {
  try {
    const store = storeOf(tools);
    const version = (await currentVersion(tools, store)) ?? (await newestVersion(store));
    const { manifest } = await findRelease(tools, version, {});
    demandAllowed(manifest, tools.config.allow, tools.layout.config);
    return { verdict: 'ok', found: `${version} asks for nothing that this host does not allow` };
  } catch (error) {
    if (!(error instanceof CodedError) || error.code === 'RECEIVE_NOT_ALLOWED') throw error;
    return { verdict: 'warn', found: `cannot tell: ${error.message}` };
  }
}

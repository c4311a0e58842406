import type { Tools } from '../host/tools.ts';
import type { ReceiveFacts } from '../receive/facts.ts';
import { digestOf } from './digest-of.ts';

/** Adds to what is undertaken which signed manifest it is about: the one that is judged now, or was once. */
export function specifyRelease(
  { audit }: Pick<Tools, 'audit'>,
  { version, release, host }: Pick<ReceiveFacts, 'version' | 'release' | 'host'>,
): void {
  const manifestSha256 =
    release === undefined ? host.records.get(version)?.manifestSha256 : digestOf(release.signed.manifest);
  audit.specify({ manifestSha256 });
}

import { parseVersion } from '@goldstream/release';

/** How a command takes a version: `vMAJOR.MINOR.PATCH[-pre]`. */
export function versionArgument(summary: string) {
  return { type: 'parsed', placeholder: 'version', parse: parseVersion, summary } as const;
}

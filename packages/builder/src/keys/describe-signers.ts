import type { SecretKey } from '@goldstream/system';

/** Who signs, as plans say it. */
export function describeSigners(signers: readonly SecretKey[]): string {
  return signers.map(({ userId, fingerprint }) => `${userId} (${fingerprint})`).join(' and ');
}

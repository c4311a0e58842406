import { CodedError } from '@goldstream/errors';
import type { TrustedRelease } from '@goldstream/transfer';
import { ReceiverError } from '../error.ts';
import type { ReceiveFacts } from './facts.ts';
import { demandAllowed } from './guard-policy.ts';
import { demandMachine } from './machine.ts';

/**
 * The release, if it may be received here.
 * @throws why there is none; ReceiverError `RECEIVE_WRONG_MACHINE`, `RECEIVE_NOT_ALLOWED`
 */
export function demandRelease({ release, noRelease, version, machine, allow, host }: ReceiveFacts): TrustedRelease {
  if (release !== undefined) {
    if (machine !== undefined) demandMachine(release.manifest, machine);
    demandAllowed(release.manifest, allow, host.layout.config);
    return release;
  }
  if (noRelease instanceof CodedError) throw noRelease;
  throw new ReceiverError('RECEIVE_NO_STREAM', `there is no release ${version}`);
}

import { formatBytes } from '@goldstream/cli';
import { receivedProblem } from '@goldstream/transfer';
import { ReceiverError } from '../error.ts';
import type { ReceiveFacts } from './facts.ts';
import { demandAllowed, guardPolicy } from './guard-policy.ts';
import type { ReceiveWish } from './plan-receive.ts';
import type { ReceiveStep } from './step.ts';

/** A subvolume under a final name that no record vouches for: finished and equal to what was signed, or refused. */
export function byHandSteps(facts: ReceiveFacts, { allowUnsigned }: ReceiveWish): ReceiveStep[] {
  const { version, subvolume, release, host, allow } = facts;
  const path = host.layout.version(version);
  if (subvolume?.readonly !== true || subvolume.receivedUuid === undefined) {
    throw new ReceiverError('RECEIVE_SUSPECT', `${path} is an unfinished subvolume that this program did not make`, {
      hint: `Look at it, and if nobody needs it: btrfs subvolume delete ${path}`,
    });
  }
  if (release === undefined) {
    if (allowUnsigned) {
      return [
        { kind: 'record-unsigned', says: `take ${path} WITHOUT A SIGNATURE, as --allow-unsigned asks`, version, path },
      ];
    }
    throw new ReceiverError(
      'RECEIVE_UNSIGNED',
      `${path} was received by hand and no signed manifest of it is at hand`,
      {
        hint: 'Give --manifest FILE (with FILE.asc beside it) or a store that has it; --allow-unsigned takes it unproven.',
        cause: facts.noRelease,
      },
    );
  }
  demandAllowed(release.manifest, allow, host.layout.config);
  const problem = receivedProblem(subvolume, release.manifest.snapshot);
  if (problem !== undefined) {
    throw new ReceiverError('RECEIVE_CONTENT_MISMATCH', `${path} ${problem}; it is not the released ${version}`, {
      hint: `Look at it, and if nobody needs it: btrfs subvolume delete ${path}`,
    });
  }
  return [
    {
      kind: 'check-contents',
      says: `check every byte of ${path} (${formatBytes(release.manifest.snapshot.bytes)}) against the signed manifest`,
      release,
      path,
      policy: guardPolicy(release.manifest.policy, allow),
    },
    {
      kind: 'record-received',
      says: `record ${version} as received`,
      release,
      incoming: undefined,
      how: 'by hand',
    },
  ];
}

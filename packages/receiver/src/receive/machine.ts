import { machine as architectureOf, release as kernelOf } from 'node:os';
import type { ReleaseManifest } from '@goldstream/release';
import { demandTools, type Runner } from '@goldstream/system';
import { ReceiverError } from '../error.ts';
import { PROGRAM_VERSION } from '../version.ts';

/** What this host is, in the terms in which a release says what it needs. */
export interface MachineFacts {
  /** As `uname -m` prints it. */
  readonly architecture: string;
  readonly kernel: string;
  readonly btrfsProgs: string;
  readonly receiver: string;
}

/** Looks at the host. */
export async function gatherMachine(runner: Runner): Promise<MachineFacts> {
  const versions = await demandTools(runner, ['btrfs']);
  return {
    architecture: architectureOf(),
    kernel: kernelOf(),
    btrfsProgs: versions.get('btrfs') ?? '0',
    receiver: PROGRAM_VERSION,
  };
}

/**
 * Refuses a release that does not run here, before a byte of it is fetched.
 * @throws ReceiverError `RECEIVE_WRONG_MACHINE` that names everything that is missing
 */
export function demandMachine(
  { architecture, requires, version }: Pick<ReleaseManifest, 'architecture' | 'requires' | 'version'>,
  machine: MachineFacts,
): void {
  const missing = (['kernel', 'btrfsProgs', 'receiver'] as const).flatMap((what) => {
    const needed = requires[what];
    return needed !== undefined && isOlder(machine[what], needed)
      ? [`${NAMES[what]} ${needed} or newer (found ${machine[what]})`]
      : [];
  });
  if (architecture !== 'all' && architecture !== machine.architecture) {
    missing.unshift(`a machine of architecture ${architecture} (found ${machine.architecture})`);
  }
  if (missing.length === 0) return;
  throw new ReceiverError('RECEIVE_WRONG_MACHINE', `${version} needs ${missing.join(', ')}`, {
    hint: 'Upgrade what is too old, or deploy a version made for this machine.',
  });
}

const NAMES = { kernel: 'kernel', btrfsProgs: 'btrfs-progs', receiver: 'goldstream-receiver' } as const;

/** Compares leading numbers and dots: `6.18.44-fc` is 6.18.44. */
function isOlder(found: string, needed: string): boolean {
  const [have, want] = [found, needed].map((text) => (/^\d+(?:\.\d+)*/.exec(text)?.[0] ?? '0').split('.').map(Number));
  for (const [index, number] of (want ?? []).entries()) {
    const had = have?.[index] ?? 0;
    if (had !== number) return had < number;
  }
  return false;
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LONG_RUN } from '@goldstream/testing';
import type { ReleasedShop } from '../released-shop.ts';
import { setReadOnly } from '../set-read-only.ts';
import type { TargetHost } from '../target-host.ts';
import { hostHere } from './receiver-here.ts';

/** A command that changes a host, and the host it is run on. */
export interface Operation {
  readonly name: string;
  /** Commands that lead to the host it begins with, after `prepare`. */
  readonly before: readonly (readonly string[])[];
  /** Said with every word, so that the same command again means the same. */
  readonly command: readonly string[];
  /** What may be active while it runs and after it was cut off; `undefined`: nothing yet. */
  readonly active: readonly (string | undefined)[];
  /** What happens to the host after `before` that the command is to heal. Until it has, `verify --deep` fails. */
  readonly damage?: (host: TargetHost) => Promise<void>;
  /** Its steps are among those of another operation: power cuts, or kills too, are tried only when there is time. */
  readonly covered?: 'cuts' | 'cuts and kills';
}

/**
 * Everything that changes what a host runs. A command that is listed here is killed, interrupted and cut off at every
 * step that it has, without the steps being named anywhere; what has to be true then is in `whole.ts`, `recovered.ts`
 * and `outcome.ts`.
 */
const ALL: readonly Operation[] = [
  {
    name: 'deploy, the first version, from the store',
    before: [],
    command: ['deploy', 'v1.0.0'],
    active: [undefined, 'v1.0.0'],
  },
  {
    name: 'upgrade, with an incremental stream from the store',
    before: [['deploy', 'v1.0.0']],
    command: ['upgrade', 'v1.1.0'],
    active: ['v1.0.0', 'v1.1.0'],
  },
  {
    name: 'upgrade to what was received before',
    before: [
      ['deploy', 'v1.0.0'],
      ['receive', 'v1.1.0'],
    ],
    command: ['upgrade', 'v1.1.0'],
    active: ['v1.0.0', 'v1.1.0'],
    covered: 'cuts and kills',
  },
  {
    name: 'rollback',
    before: [
      ['deploy', 'v1.0.0'],
      ['upgrade', 'v1.1.0'],
    ],
    command: ['rollback', 'v1.0.0'],
    active: ['v1.1.0', 'v1.0.0'],
  },
  {
    name: 'prune',
    before: [
      ['deploy', 'v1.0.0'],
      ['upgrade', 'v1.1.0'],
      ['upgrade', 'v1.2.0'],
      ['upgrade', 'v1.3.0'],
    ],
    command: ['prune', '--keep', '1'],
    active: ['v1.3.0'],
  },
  {
    name: 'receive',
    before: [['deploy', 'v1.0.0']],
    command: ['receive', 'v1.1.0'],
    active: ['v1.0.0'],
    covered: 'cuts',
  },
  {
    name: 'repair of what somebody edited, beside the active version',
    before: [
      ['deploy', 'v1.0.0'],
      ['receive', 'v1.1.0'],
    ],
    damage: ({ layout }) => edit(layout.version('v1.1.0')),
    command: ['repair', 'v1.1.0'],
    active: ['v1.0.0'],
    covered: 'cuts and kills',
  },
  {
    name: 'repair of what somebody edited, under the active version',
    before: [['deploy', 'v1.0.0']],
    damage: ({ layout }) => edit(layout.version('v1.0.0')),
    command: ['repair', 'v1.0.0'],
    active: ['v1.0.0'],
    covered: 'cuts',
  },
];

/** What is killed in this run, and where the power goes. */
export const KILLED: readonly Operation[] = ALL.filter(({ covered }) => LONG_RUN || covered !== 'cuts and kills');
export const CUT_OFF: readonly Operation[] = ALL.filter(({ covered }) => LONG_RUN || covered === undefined);

/** What an operation may take with all that is done to it, on a busy machine: it ends what hangs. Milliseconds. */
export const PATIENCE = LONG_RUN ? 4 * 3_600_000 : 1_800_000;

/** Makes the host that an operation begins with. */
export async function hostBefore(
  mountPoint: string,
  shop: ReleasedShop,
  { before, damage }: Operation,
): Promise<TargetHost> {
  const host = await hostHere(join(mountPoint, 'host'), shop.application);
  await host.do('prepare', '--key', shop.key, '--store', `dir:${shop.store}`);
  for (const command of before) await host.do(...command);
  await damage?.(host);
  return host;
}

/**
 * The host on a mounted copy of its disk after what its first unit does when the power is back, before services start.
 * @throws Error with what the host said when it does not come up
 */
export async function startedHost(mountPoint: string, shop: ReleasedShop): Promise<TargetHost> {
  const host = await hostHere(join(mountPoint, 'host'), shop.application);
  await demandEnded(host, 'boot', 'mount');
  return host;
}

/**
 * Runs a command and gives back what it told beside its result.
 * @throws Error with all that it said, unless it ended well
 */
export async function demandEnded(host: TargetHost, ...command: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await host.run(command);
  if (exitCode === 0) return stderr;
  throw new Error(`${command.join(' ')} ended with ${exitCode}: ${stderr}${stdout}`);
}

/** Writes to a version and makes it read-only again, without Btrfs forgetting where it came from. */
async function edit(version: string): Promise<void> {
  await setReadOnly(version, 'false');
  await writeFile(join(version, 'core/bin/shop'), 'edited\n');
  await setReadOnly(version, 'true');
}

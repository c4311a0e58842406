import { join } from 'node:path';
import { LONG_RUN } from '@goldstream/testing';
import type { ReleasedShop } from '../released-shop.ts';
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
  /** Its steps are among those of another operation: tried only when there is time. */
  readonly covered?: true;
}

/** Everything that changes what a host runs. A command that is new here is proven with the others. */
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
    covered: true,
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
];

/** What is tried in this run. */
export const OPERATIONS: readonly Operation[] = ALL.filter(({ covered }) => LONG_RUN || covered !== true);

/** What an operation may take with all that is done to it, on a busy machine: it ends what hangs. Milliseconds. */
export const PATIENCE = LONG_RUN ? 4 * 3_600_000 : 1_800_000;

/** Makes the host that an operation begins with. */
export async function hostBefore(mountPoint: string, shop: ReleasedShop, { before }: Operation): Promise<TargetHost> {
  const host = await hostHere(join(mountPoint, 'host'), shop.application);
  await host.do('prepare', '--key', shop.key, '--store', `dir:${shop.store}`);
  for (const command of before) await host.do(...command);
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

/** @throws Error with what the command said, unless it ended well */
export async function demandEnded(host: TargetHost, ...command: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await host.run(command);
  if (exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${exitCode}: ${stderr}${stdout}`);
}

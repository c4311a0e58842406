import { join } from 'node:path';
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
  /** After a power cut `mount` alone does not bring it up. */
  readonly needsRecovery?: true;
}

/**
 * The command that finishes or undoes what was cut off. While there is none, what is proven is that the host comes up
 * with a whole version; with it (`['recover']`), also that the same command then ends well and that nothing is left.
 */
export const RECOVERY: readonly string[] | undefined = undefined;

/** Everything that changes what a host runs. A command that is new here is proven with the others. */
export const OPERATIONS: readonly Operation[] = [
  {
    name: 'deploy, the first version, from the store',
    before: [],
    command: ['deploy', 'v1.0.0'],
    active: [undefined, 'v1.0.0'],
    // `current` is durable before the first writable layer is.
    needsRecovery: true,
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

/** Makes the host that an operation begins with. */
export async function hostBefore(mountPoint: string, shop: ReleasedShop, { before }: Operation): Promise<TargetHost> {
  const host = await hostHere(join(mountPoint, 'host'), shop.application);
  await host.do('prepare', '--key', shop.key, '--store', `dir:${shop.store}`);
  for (const command of before) await host.do(...command);
  return host;
}

/**
 * The host on a mounted copy of its disk, as it is when the power is back.
 * @throws Error with what the host said when it does not come up
 */
export async function startedHost(mountPoint: string, shop: ReleasedShop): Promise<TargetHost> {
  const host = await hostHere(join(mountPoint, 'host'), shop.application);
  const start = RECOVERY ?? ((await host.status()).active === null ? undefined : ['mount']);
  if (start === undefined) return host;
  const { exitCode, stderr } = await host.run(start);
  if (exitCode !== 0) throw new Error(`${start.join(' ')} ended with ${exitCode}: ${stderr}`);
  return host;
}

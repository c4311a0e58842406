import type { Plan, Step } from '@goldstream/plan';
import type { Version } from '@goldstream/release';
import { ReceiverError } from '../error.ts';
import type { HostFacts } from '../host/facts.ts';
import { numberName } from '../host/layout.ts';

/** What `unmount` does. */
export interface UnmountStep extends Step {
  readonly kind: 'unmount';
  readonly at: string;
}

/** What the operator asked for. */
export interface UnmountWish {
  /** Only deployments of this version; undefined: all that are mounted. */
  readonly version: Version | undefined;
  /** Also the active one, which takes the tree away from everything that runs from it. */
  readonly active: boolean;
}

/** Decides which deployments are unmounted. Nothing of them is lost; `mount` brings them back. */
export function planUnmount({ deployments, active, layout, mounts }: HostFacts, wish: UnmountWish): Plan<UnmountStep> {
  const mounted = deployments.filter(
    ({ number, version }) =>
      mounts.has(layout.deployment(number).root) && (wish.version === undefined || version === wish.version),
  );
  if (
    !wish.active &&
    wish.version !== undefined &&
    active?.version === wish.version &&
    mounted.some(({ number }) => number === active.number)
  ) {
    throw new ReceiverError(
      'DEPLOY_ACTIVE',
      `${wish.version} is active: everything that runs from it would lose its files`,
      {
        hint: 'Say --active if that is what you want.',
      },
    );
  }
  return {
    goal: `unmount ${wish.version ?? (wish.active ? 'all deployments' : 'all deployments but the active one')}`,
    steps: mounted
      .filter(({ number }) => wish.active || number !== active?.number)
      .map(({ number, version }) => {
        const { root } = layout.deployment(number);
        return {
          kind: 'unmount',
          says: `unmount deployment ${numberName(number)} of ${version} from ${root}`,
          at: root,
        };
      }),
  };
}

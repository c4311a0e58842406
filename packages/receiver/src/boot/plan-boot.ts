import type { Plan, Step } from '@goldstream/plan';
import type { Layout } from '../host/layout.ts';

/** What the units do. Each decides by what it finds under the lock, and tells that. */
export type BootStep = Step & ({ readonly kind: 'mount-active' } | { readonly kind: 'recover-late' });

/** What happens at one of the two moments of a start. */
export function planBoot({ application, current }: Layout, moment: 'mount' | 'recover'): Plan<BootStep> {
  return moment === 'mount'
    ? {
        goal: `have the active deployment of ${application} mounted before services start`,
        steps: [{ kind: 'mount-active', says: `mount what ${current} names` }],
      }
    : {
        goal: `know whether the deployment of ${application} that came up is good`,
        steps: [{ kind: 'recover-late', says: 'start what is new, and end a trial' }],
      };
}

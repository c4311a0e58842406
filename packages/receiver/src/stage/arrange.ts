import type { IntegrationPlan } from '../integrate/integration-plan.ts';

/**
 * The order in which a stage's tree is switched and its files and units follow. A stage that is deployed in the end: new
 * links, the switch, what was there before and changes, and last what is gone. One that is not: its units stop and its
 * links go while its tree is still there. So whoever runs from the tree never finds it empty.
 */
export function arrange<S>(
  { before, after, gone }: Pick<IntegrationPlan, 'before' | 'after' | 'gone'>,
  { link, proof, deployed }: { readonly link: readonly S[]; readonly proof: readonly S[]; readonly deployed: boolean },
): readonly (S | IntegrationPlan['before'][number])[] {
  return deployed ? [...before, ...link, ...after, ...proof, ...gone] : [...before, ...after, ...gone, ...link];
}

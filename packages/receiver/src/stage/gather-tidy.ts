import { subvolumeUsers } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { gatherStaging } from './facts.ts';
import { planTidy, type TidyFacts, unneeded } from './plan-tidy.ts';

/** Looks at what nobody needs, and at who uses that all the same. Changes nothing. */
export async function gatherTidy(tools: Tools): Promise<TidyFacts> {
  const { keep } = tools.config;
  const staging = await gatherStaging(tools);
  const candidates = unneeded({ staging, keep });
  return { staging, keep, uses: await subvolumeUsers(candidates.map(({ path }) => path)) };
}

/** Whether there is something that nobody needs, and nobody uses, as far as can be seen. */
export async function isUntidy(tools: Tools): Promise<boolean> {
  return planTidy(await gatherTidy(tools)).steps.length > 0;
}

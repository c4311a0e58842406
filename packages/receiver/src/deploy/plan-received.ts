import type { Plan } from '@goldstream/plan';
import type { Version } from '@goldstream/release';
import type { Tools } from '../host/tools.ts';
import { gatherHidden } from '../overlay/gather-hidden.ts';
import { type EditsPolicy, planEdits } from '../overlay/plan-edits.ts';
import { gatherDeploy } from './facts.ts';
import { planDeploy } from './plan-deploy.ts';
import type { DeployStep } from './step.ts';

/** What an operator wants of a deployment, beside which version it is. */
export interface DeployWish {
  /** Whether what somebody else has at a target is taken over. */
  readonly adopt?: boolean | undefined;
  /** Default: what is configured. */
  readonly edits?: EditsPolicy | undefined;
}

/** Facts and plan of a version that is here: now it can be seen what of it edits would hide. */
export async function planReceived(
  tools: Tools,
  version: Version,
  { adopt = false, edits = tools.config.edits }: DeployWish,
): Promise<Plan<DeployStep>> {
  const facts = await gatherDeploy(tools, version);
  const hidden = await gatherHidden(tools, facts.host, version);
  return planDeploy(facts, { kind: 'deploy', adopt, edits: planEdits(hidden, edits, version) });
}

import type { Plan } from '@goldstream/plan';
import { showPath } from '@goldstream/tree';
import { gatherDeploy } from '../deploy/facts.ts';
import { planDeploy } from '../deploy/plan-deploy.ts';
import type { DeployStep } from '../deploy/step.ts';
import type { Tools } from '../host/tools.ts';
import { gatherActiveEdits } from './active-edits.ts';
import { editPath } from './edit-path.ts';
import { dropsForReset } from './plan-reset.ts';

/**
 * Facts and plan of a reset: the version that is active again, in a new deployment whose writable layer lacks these
 * edits. A switch like any other, so it is whole or not at all, and the deployment that is left has the edits still.
 *
 * There is no nearer way. Beneath a mount the layer must not be changed, and through the mount the vendor's file cannot
 * be had back: what is removed there leaves a whiteout.
 * @param typed paths as people type them
 * @throws ReceiverError `DEPLOY_NOTHING_ACTIVE`, `OVERLAY_NO_EDIT`, and those of a deployment
 */
export async function planResetEdits(tools: Tools, typed: readonly string[]): Promise<Plan<DeployStep>> {
  tools.audit.undertake({ event: 'refusal', subject: { command: 'overlay reset' } });
  const { host, active, layer } = await gatherActiveEdits(tools);
  const { version, number } = active;
  const reset = typed.map((one) => editPath(tools.layout, number, one));
  tools.audit.undertake({ event: 'deploy', subject: { version }, details: { reset } });
  tools.audit.specify({ manifestSha256: host.records.get(version)?.manifestSha256 });
  const drops = dropsForReset(layer, reset);
  const notes = drops.map(({ path }) => `${showPath(path)} becomes what ${version} has`);
  const facts = await gatherDeploy(tools, version, host);
  return planDeploy(facts, { kind: 'deploy', edits: { drops, notes } });
}

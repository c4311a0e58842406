import type { Plan } from '@goldstream/plan';
import { compareVersions, newest, type Version } from '@goldstream/release';
import { newestVersion } from '@goldstream/store';
import { ReceiverError } from '../error.ts';
import { gatherHost, type HostFacts } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { gatherReceive } from '../receive/facts.ts';
import { type Sources, storeOf } from '../receive/find-release.ts';
import { planReceive } from '../receive/plan-receive.ts';
import { gatherDeploy } from './facts.ts';
import { demandUpgrade, planDeploy } from './plan-deploy.ts';
import type { DeployStep } from './step.ts';

/** Which version shall run, and what the operator said of today. */
export interface VersionWish {
  readonly to: Version | undefined;
  /** An assertion: this version is active. */
  readonly from: Version | undefined;
  readonly sources: Sources;
  readonly allowUnsigned: boolean;
}

/** Facts and plan of `deploy` and `upgrade`: what is not here is received first, then deployed. */
export async function planVersion(tools: Tools, wish: VersionWish): Promise<Plan<DeployStep>> {
  const host = await gatherHost(tools.layout);
  const version = wish.to ?? (await newestWanted(tools, host, wish.sources));
  if (wish.to === undefined && host.active !== undefined && compareVersions(version, host.active.version) < 0) {
    const notes = [`${host.active.version} is active, and newer than what is offered`];
    return { goal: `run ${version} or newer`, notes, steps: [] };
  }
  demandUpgrade(host.active, version, wish.from);
  if (host.active?.version === version && host.active.state === 'good') {
    return { goal: `run ${version}`, notes: [`${version} is active`], steps: [] };
  }
  const receiving = planReceive(await gatherReceive(tools, version, wish.sources), wish);
  if (receiving.steps.length === 0) return planDeploy(await gatherDeploy(tools, version), { kind: 'deploy' });
  return {
    goal: `run ${version}`,
    ...(receiving.notes === undefined ? {} : { notes: receiving.notes }),
    steps: [
      ...receiving.steps,
      {
        kind: 'deploy-received',
        says: `deploy ${version}: mount it, place its files, switch, start its units`,
        version,
      },
    ],
  };
}

/** The newest finished release that did not fail here and was not rolled back from. */
async function newestWanted(tools: Tools, { blocked }: HostFacts, sources: Sources): Promise<Version> {
  const store = storeOf(tools, sources);
  const offered = await store.listVersions();
  const version = newest(offered.filter((candidate) => !blocked.has(candidate)));
  if (version !== undefined) return version;
  // An empty store is another matter: `STORE_EMPTY`.
  await newestVersion(store);
  const reasons = [...blocked].map(([name, reason]) => `${name} (${reason})`).join(', ');
  throw new ReceiverError('DEPLOY_NO_SUCH_VERSION', `${store.url} offers nothing but ${reasons}`, {
    hint: 'Name a blocked version to deploy it all the same.',
  });
}

import type { Plan } from '@goldstream/plan';
import { compareVersions, type Version } from '@goldstream/release';
import { specifyRelease } from '../audit/specify-release.ts';
import { gatherHost, type HostFacts } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import type { EditsPolicy } from '../overlay/plan-edits.ts';
import { gatherReceive } from '../receive/facts.ts';
import type { Sources } from '../receive/find-release.ts';
import { planReceive } from '../receive/plan-receive.ts';
import { type Choice, chooseVersion, judgeNamed } from '../trust/choose-version.ts';
import { demandUpgrade } from './plan-deploy.ts';
import { planReceived } from './plan-received.ts';
import type { DeployStep } from './step.ts';

/** Which version shall run, and what the operator said of today. */
export interface VersionWish {
  /** The command that asks, as the audit trail tells it. */
  readonly command: 'deploy' | 'upgrade';
  readonly to: Version | undefined;
  /** An assertion: this version is active. */
  readonly from: Version | undefined;
  readonly sources: Sources;
  readonly allowUnsigned: boolean;
  /** Whether what somebody else has at a target is kept in `backup/`, and taken over. */
  readonly adopt: boolean;
  /** What happens to edits that hide what the version brings; undefined: what is configured. */
  readonly edits: EditsPolicy | undefined;
}

/** Facts and plan of `deploy` and `upgrade`: what is not here is received first, then deployed. */
export async function planVersion(tools: Tools, wish: VersionWish): Promise<Plan<DeployStep>> {
  undertake(tools, wish, { version: wish.to, active: undefined });
  const host = await gatherHost(tools.layout);
  undertake(tools, wish, { version: wish.to, active: host.active });
  const choice = await chooseFor(tools, host, wish);
  const { active } = host;
  if (choice.kind === 'stay') {
    return { goal: `run what ${tools.config.channel ?? 'the store'} leads to`, notes: [choice.because], steps: [] };
  }
  const { version, goesBack } = choice;
  undertake(tools, wish, { version, active });
  if (wish.to === undefined && active !== undefined && !goesBack && compareVersions(version, active.version) < 0) {
    const notes = [`${active.version} is active, and newer than what is offered`];
    return { goal: `run ${version} or newer`, notes, steps: [] };
  }
  demandUpgrade(active, version, { from: wish.from, goesBack });
  if (active?.version === version && active.state === 'good') {
    return { goal: `run ${version}`, notes: [`${version} is active`], steps: [] };
  }
  return withReason(await planTaking(tools, version, wish), choice.because);
}

/** What is known so far: until a version is chosen, or one to come from, it can only be refused. */
function undertake(
  { audit }: Tools,
  { command }: VersionWish,
  { version, active }: { readonly version: Version | undefined; readonly active: HostFacts['active'] },
): void {
  if (version === undefined) audit.undertake({ event: 'refusal', subject: { command } });
  else if (command === 'deploy') audit.undertake({ event: 'deploy', subject: { version } });
  else if (active === undefined) audit.undertake({ event: 'refusal', subject: { command, version } });
  else audit.undertake({ event: 'upgrade', subject: { version, from: active.version } });
}

async function chooseFor(tools: Tools, host: HostFacts, { to: version, sources }: VersionWish): Promise<Choice> {
  if (version === undefined) return chooseVersion(tools, host, sources);
  return {
    kind: 'take',
    version,
    ...(await judgeNamed(tools, host, { version, sources })),
    because: undefined,
  };
}

async function planTaking(tools: Tools, version: Version, wish: VersionWish): Promise<Plan<DeployStep>> {
  const facts = await gatherReceive(tools, version, wish.sources);
  specifyRelease(tools, facts);
  const receiving = planReceive(facts, wish);
  const { adopt, edits } = wish;
  if (receiving.steps.length === 0) return planReceived(tools, version, wish);
  return {
    goal: `run ${version}`,
    ...(receiving.notes === undefined ? {} : { notes: receiving.notes }),
    steps: [
      ...receiving.steps,
      {
        kind: 'deploy-received',
        says: `deploy ${version}: mount it, place its files, switch, start its units`,
        version,
        ...(adopt ? { adopt } : {}),
        ...(edits === undefined ? {} : { edits }),
      },
    ],
  };
}

function withReason(plan: Plan<DeployStep>, because: string | undefined): Plan<DeployStep> {
  return because === undefined ? plan : { ...plan, notes: [because, ...(plan.notes ?? [])] };
}

import { CodedError } from '@goldstream/errors';
import { processesOn } from '@goldstream/system';
import { isService } from '../deploy/plan-holders.ts';
import { gatherHost, type HostFacts } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { gatherSystem } from '../integrate/gather-system.ts';
import type { InstalledComponent } from '../integrate/installed-component.ts';
import { readComponents } from '../integrate/read-components.ts';
import { deploymentSite } from '../integrate/site.ts';
import type { Previous, SystemFacts } from '../integrate/system-facts.ts';
import { findOwnSubvolume } from '../prune/own-subvolume.ts';
import type { OwnSubvolume } from '../prune/plan-prune.ts';
import { type GiveUpFacts, gatherGiveUp } from '../remove/give-up.ts';
import { gatherPutBack, linkedTree, type PutBackFacts } from '../stage/put-back-facts.ts';
import type { DeploymentRecord } from '../state/records.ts';
import { findLeftovers } from './find-leftovers.ts';
import { type Parties, partiesOf } from './parties.ts';
import { type Circumstances, type Current, type Decision, decide, type UnitPower, unitPower } from './table.ts';

/** What brings recovery about. */
export type Occasion = Pick<Circumstances, 'moment' | 'failure'>;

/** What is known before recovery. Next to nothing is looked at where nothing was begun. */
export interface RecoverFacts {
  readonly host: HostFacts;
  readonly decision: Decision;
  readonly circumstances: Circumstances;
  readonly power: UnitPower;
  readonly parties: Parties;
  /**
   * What is known of files and units outside the pool, or why nothing can be; undefined where they have no part in it.
   */
  readonly meeting: Meeting | { readonly problem: Error } | undefined;
  /** Of an exchange of a stage's trees. */
  readonly putBack?: PutBackFacts | undefined;
  /** Of a removal of everything. */
  readonly giveUp?: GiveUpFacts | undefined;
  /** Writable layers of deployments that are to be taken away, by path. */
  readonly layers: ReadonlyMap<string, OwnSubvolume>;
  /** Temporary files that were under construction, where the intent was at work. */
  readonly leftovers: readonly string[];
  readonly allowSuid: boolean;
  readonly now: Date;
}

/** What is looked at before a deployment is connected to the system again. */
export interface Meeting {
  readonly components: readonly InstalledComponent[];
  readonly previous: Previous;
  readonly system: SystemFacts;
  /** Services of which a process still runs from the tree that is left. */
  readonly holding: readonly string[];
}

/** Looks at what was begun and what has become of it. Changes nothing. */
export async function gatherRecover(tools: Tools, occasion: Occasion): Promise<RecoverFacts> {
  const { layout, config } = tools;
  const host = await gatherHost(layout);
  const intent = host.pending?.intent;
  const stage = intent?.kind === 'exchanging' ? await linkedTree(tools, intent) : undefined;
  const current = stage ?? currentOf(host);
  const circumstances = { ...occasion, judged: isJudged(host) };
  const decision = decide(host.pending, current, circumstances);
  const power = unitPower(host.pending, current, decision, circumstances);
  const parties = partiesOf(host, decision);
  const giveUp = intent?.kind === 'removing' ? await gatherGiveUp(tools, intent) : undefined;
  const meeting = parties.meet ? await gatherMeeting(tools, parties, decision, power).catch(asProblem) : undefined;
  return {
    host,
    decision,
    circumstances,
    power,
    parties,
    meeting,
    putBack: intent?.kind === 'exchanging' ? await gatherPutBack(tools, intent, power) : undefined,
    giveUp,
    layers: await gatherLayers(tools, parties.discarded),
    leftovers:
      host.pending === undefined
        ? []
        : await findLeftovers(
            layout,
            giveUp?.system ?? (meeting !== undefined && 'system' in meeting ? meeting.system : undefined),
          ),
    allowSuid: config.allow.suid,
    now: tools.now(),
  };
}

/** Whether the trial of the pending switch has ended well, and only what follows from that is left to do. */
function isJudged({ pending, deployments }: HostFacts): boolean {
  const intent = pending?.intent;
  if (intent?.kind !== 'switching') return false;
  const to = deployments.find(({ number }) => number === intent.to);
  // ISO 8601 in UTC sorts as text.
  return to?.state === 'good' && to.goodSince !== undefined && to.goodSince >= intent.begun;
}

function currentOf({ current, active }: HostFacts): Current {
  if (current === undefined) return 'nothing';
  return active?.number ?? 'foreign';
}

async function gatherMeeting(
  tools: Tools,
  { runs, left }: Parties,
  { action }: Decision,
  power: UnitPower,
): Promise<Meeting> {
  const { layout } = tools;
  const componentsOf = async (one: DeploymentRecord | undefined) =>
    one === undefined ? [] : readComponents(layout.version(one.version));
  // Of the one that is left nothing has to be there any more.
  const [components, others] = await Promise.all([componentsOf(runs), componentsOf(left).catch(() => [])]);
  const isForward = action === 'finish' || action === 'tidy';
  // What was enabled, and what an operator had disabled, when it began: of both, the newer record is the one that knows
  // which units are disabled because it gave them up.
  const { enabled = [], disabled } = left ?? (isForward ? {} : (runs ?? {}));
  // Processes run from the other tree only when it was switched to, and only until the host is started again.
  const isSwitched = power === 'all' && action !== 'undo' && action !== 'leave' && action !== 'tidy';
  const oldestFirst = isForward ? [left, runs] : [runs, left];
  const previous = {
    placed: oldestFirst.flatMap((one) => one?.placed ?? []),
    enabled,
    disabled,
    components: isSwitched ? others : components,
  };
  const [system, holders] = await Promise.all([
    gatherSystem(tools, deploymentSite(layout), components, previous),
    isSwitched && left !== undefined && tools.systemctl.live ? processesOn(layout.deployment(left.number).root) : [],
  ]);
  const holding = holders.flatMap(({ unit }) => (unit !== undefined && isService(unit) ? [unit] : []));
  return { components, previous, system, holding: [...new Set(holding)] };
}

/** What the host or its operator is to blame for must not keep a host from coming up; a bug is a bug. */
function asProblem(error: unknown): { readonly problem: Error } {
  if (error instanceof CodedError) return { problem: error };
  if (error instanceof Error && 'syscall' in error) return { problem: error };
  throw error;
}

async function gatherLayers(
  tools: Tools,
  discarded: readonly DeploymentRecord[],
): Promise<ReadonlyMap<string, OwnSubvolume>> {
  const paths = discarded.flatMap(({ number }) => {
    const { overlay, provisional } = tools.layout.deployment(number);
    return [overlay, provisional];
  });
  const found = await Promise.all(paths.map((path) => findOwnSubvolume(tools, path)));
  return new Map(found.flatMap((one) => (one === undefined ? [] : [[one.path, { path: one.path, uuid: one.uuid }]])));
}

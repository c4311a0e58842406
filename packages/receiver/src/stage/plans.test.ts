import { describe, expect, it } from 'vitest';
import { expectPlan } from '../../test/expected-plan.ts';
import { LAYOUT, NOW } from '../../test/host-facts.ts';
import { componentOf, ModelSystem, sourcesOf } from '../../test/integration-model.ts';
import { hostStage, snapshot, stagingFacts, tree } from '../../test/staging-model.ts';
import { placedBy } from '../integrate/integration-plan.ts';
import { planIntegration } from '../integrate/plan-integration.ts';
import { NOTHING_BEFORE } from '../integrate/system-facts.ts';
import type { Connection } from './connection.ts';
import { planConnect } from './plan-connect.ts';
import { planDeployStages, type StageDeployFacts, type WantedStage } from './plan-deploy-stage.ts';
import { planInit } from './plan-init.ts';
import { planPutBack } from './plan-put-back.ts';
import { chooseSnapshot, planRollbackStage } from './plan-rollback-stage.ts';
import { keptBecause, planTidy } from './plan-tidy.ts';
import { stagingPaths } from './staging-paths.ts';
import { stagingSite } from './staging-site.ts';
import type { Exchange } from './step.ts';

const UNIT = '/etc/systemd/system/core.service';
const BODY = `files:
  - { path: bin/core, target: /usr/bin/core, type: symlink }
  - { path: etc/a, target: /etc/a, type: copy }
  - { path: core.service, target: ${UNIT}, type: systemd-unit }
services: [core.service]
`;
const CORE = componentOf('core', `${BODY}verify: [{ command: core --version }]\n`);
const WEB = componentOf('web', 'dependencies: [{ component: core }]\n', 2);
const PATHS = stagingPaths(LAYOUT);
const SOURCES = sourcesOf({ '/etc/a': 'a', [UNIT]: 'b' });
const BEFORE = 'pre-stage-1-20261122-010000';

const wanted = ({ name, manifest }: typeof CORE, isCurrent = false): WantedStage => ({
  name,
  number: manifest.stage,
  manifest,
  isCurrent,
});

function deploying(given: Partial<StageDeployFacts>): StageDeployFacts {
  const staging = stagingFacts([]);
  return { layout: LAYOUT, staging, wanted: [], recipe: undefined, adopt: false, untidy: false, now: NOW, ...given };
}

/** The system on which `core` is connected, and what its marker says. */
function connected() {
  const system = new ModelSystem();
  const facts = system.facts([CORE], SOURCES, NOTHING_BEFORE, { daemon: true });
  const plan = planIntegration({
    site: stagingSite(LAYOUT),
    components: [CORE],
    previous: NOTHING_BEFORE,
    system: facts,
  });
  system.apply([...plan.before, ...plan.after]);
  return { system, previous: placedBy(plan, [CORE]) };
}

const EXCHANGE: Exchange = {
  stage: CORE.name,
  from: 1,
  to: 2,
  newestIdBefore: 280,
  before: BEFORE,
  after: { name: 'post-stage-1-20261122-030000', isThere: false },
  backTo: BEFORE,
};

describe('the plans of stages', () => {
  it('make what is missing, and then nothing', async () => {
    const nothing = stagingFacts([], { missing: [PATHS.root, PATHS.trees, PATHS.snapshots] });
    await expectPlan('stage-init', planInit(LAYOUT, nothing, [CORE.name, WEB.name]));
    const done = stagingFacts([hostStage(CORE.name, { tree: 1 }), hostStage(WEB.name, { tree: 1 })]);
    expect(planInit(LAYOUT, done, [CORE.name, WEB.name]).steps).toEqual([]);
  });

  it('refuse a name that links to something else', () => {
    const foreign = stagingFacts([{ ...hostStage(CORE.name, { tree: 1 }), tree: undefined }]);
    expect(() => planInit(LAYOUT, foreign, [CORE.name])).toThrowError(
      expect.objectContaining({ code: 'STAGE_FOREIGN' }),
    );
  });

  it('deploy stages one after the other, those that are current not at all', async () => {
    const staging = stagingFacts([hostStage(CORE.name, { tree: 4, component: CORE, marker: {} })]);
    await expectPlan('stage-deploy', planDeployStages(deploying({ staging, wanted: [wanted(CORE), wanted(WEB)] })));
    expect(planDeployStages(deploying({ staging, wanted: [wanted(CORE, true)] })).steps).toEqual([]);
  });

  it('take away what an earlier command has left, when there is nothing else to do', () => {
    const { steps } = planDeployStages(deploying({ wanted: [wanted(CORE, true)], untidy: true }));
    expect(steps.map(({ kind }) => kind)).toEqual(['tidy-stages']);
  });

  it('refuse a stage without what it depends on', () => {
    expect(() => planDeployStages(deploying({ wanted: [wanted(WEB)] }))).toThrowError(
      expect.objectContaining({ code: 'STAGE_NEEDS_ANOTHER', message: expect.stringContaining('core') }),
    );
  });

  it('connect a tree that is ready: marked as deployed when it has proven itself', async () => {
    const system = new ModelSystem().facts([CORE], SOURCES, NOTHING_BEFORE, { daemon: true });
    const connection: Connection = { components: [CORE], previous: NOTHING_BEFORE, system, holding: [] };
    const { intent, steps } = planConnect({
      layout: LAYOUT,
      exchange: EXCHANGE,
      connection,
      allowSuid: false,
      now: NOW,
    });
    await expectPlan('stage-connect', { goal: 'connect it', steps });
    expect(intent).toMatchObject({ kind: 'exchanging', snapshots: [BEFORE, EXCHANGE.after?.name] });
    expect(intent.connects?.placed.map(({ target }) => target)).toEqual(['/usr/bin/core', '/etc/a', UNIT]);
    expect(steps.at(-2)).toMatchObject({
      kind: 'mark-deployed',
      marker: { tree: 2, before: BEFORE, as: EXCHANGE.after?.name },
    });
  });

  it('go back to nothing: units stop and links go while the tree is still there', async () => {
    const { system, previous } = connected();
    const target = snapshot(BEFORE, CORE.name);
    const stage = hostStage(CORE.name, { tree: 2, component: CORE, marker: { before: BEFORE }, snapshots: [target] });
    const facts = system.facts([], new Map(), previous, { daemon: true });
    const connection: Connection = { components: [], previous, system: facts, holding: [] };
    const plan = planRollbackStage({
      layout: LAYOUT,
      staging: stagingFacts([stage]),
      stage,
      target: chooseSnapshot(stage, undefined),
      isThere: false,
      untidy: false,
      connection,
      allowSuid: false,
      now: NOW,
    });
    await expectPlan('stage-rollback-to-nothing', plan);
    expect(plan.steps.some(({ kind }) => kind === 'mark-deployed')).toBe(false);
  });

  it('put back what was cut off after the switch, and tell a unit that does not come up', async () => {
    const { system, previous } = connected();
    const facts = system.facts([CORE], SOURCES, previous, { daemon: true, changed: ['core'] });
    const plan = planPutBack(
      {
        intent: { kind: 'exchanging', stage: CORE.name, from: 1, to: 2, newestIdBefore: 280, snapshots: [BEFORE] },
        isLinked: false,
        from: tree(CORE.name, 1),
        made: [tree(CORE.name, 2, 281), snapshot(BEFORE, CORE.name, CORE, 282)],
        emptyGroups: [PATHS.group('post-stage-1-20261122-030000')],
        connection: { components: [CORE], previous, system: facts, holding: [] },
        leftovers: [],
      },
      {
        action: 'put-back',
        goal: 'undo an interrupted exchange',
        host: { layout: LAYOUT },
        power: 'all',
        allowSuid: false,
      },
    );
    await expectPlan('stage-put-back', plan);
  });

  it('leave a stage that somebody else has switched', () => {
    const { system, previous } = connected();
    const connection = { components: [CORE], previous, system: system.facts([CORE], SOURCES, previous), holding: [] };
    const { steps, notes } = planPutBack(
      {
        intent: { kind: 'exchanging', stage: CORE.name, from: 1, to: 2, newestIdBefore: 280, snapshots: [] },
        isLinked: false,
        from: tree(CORE.name, 1),
        made: [tree(CORE.name, 2, 281)],
        emptyGroups: [],
        connection,
        leftovers: [],
      },
      { action: 'leave', goal: 'leave it', host: { layout: LAYOUT }, power: 'all', allowSuid: false },
    );
    expect(steps.map(({ kind }) => kind)).toEqual(['conclude']);
    expect(notes).toEqual([expect.stringContaining('stays as it is')]);
  });
});

describe('what is kept of stages', () => {
  const names = [1, 2, 3, 4, 5].map((hour) => `pre-stage-1-20261122-0${hour}0000`);
  const snapshots = names.map((name) => snapshot(name, CORE.name, CORE));
  const stage = hostStage(CORE.name, {
    tree: 7,
    component: CORE,
    marker: { before: names[1] ?? '', as: names[4] ?? '' },
    snapshots,
  });
  const other = snapshot('post-stage-1-20261122-000000', CORE.name, CORE);
  const empty = snapshot('pre-stage-2-20261122-000000', WEB.name);
  const older = snapshot('pre-stage-2-20261121-000000', WEB.name);
  const staging = stagingFacts([stage], {
    trees: [tree(CORE.name, 6), tree(CORE.name, 7)],
    snapshots: [...snapshots, other, older, empty],
    pins: new Set([names[0] ?? '']),
  });

  it('are the newest of each stage and kind, what is pinned, and what its deployment needs', () => {
    expect([...snapshots, other, older, empty].map((one) => keptBecause(staging, 1, one))).toEqual([
      ['pinned'],
      ['rollback goes there'],
      [],
      [],
      ['as deployed', 'one of the 1 newest of its kind'],
      ['one of the 1 newest of its kind'],
      [],
      ['the way back to nothing', 'one of the 1 newest of its kind'],
    ]);
  });

  it('is everything that somebody uses', () => {
    const use = { kind: 'unknown', says: 'something cannot be looked into' } as const;
    const old = tree(CORE.name, 6);
    expect(planTidy({ staging, keep: 3, uses: new Map([[old.path, [use]]]) })).toMatchObject({
      notes: [`keep ${old.path}: something cannot be looked into`],
      steps: [],
    });
    expect(planTidy({ staging, keep: 1, uses: new Map() }).steps.map(({ says }) => says)).toEqual([
      `delete ${old.path}`,
      ...[names[2], names[3], older.name].map((name) => `delete the snapshot ${name}`),
    ]);
  });
});

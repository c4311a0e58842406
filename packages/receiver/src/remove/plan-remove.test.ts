import { describe, expect, it } from 'vitest';
import { expectPlan } from '../../test/expected-plan.ts';
import { deployment, hostFacts, LAYOUT, received } from '../../test/host-facts.ts';
import type { OwnFile, PoolToClose, RemoveFacts } from './facts.ts';
import { planRemove } from './plan-remove.ts';

const ours = (path: string): OwnFile => ({ path, sha256: 'a'.repeat(64), isOurs: true });
const changed = (path: string): OwnFile => ({ ...ours(path), isOurs: false });
const UNITS = '/etc/systemd/system';
const IMAGE: PoolToClose = {
  image: LAYOUT.image,
  isMounted: true,
  unit: ours(`${UNITS}/var-lib-app.mount`),
  unitEnabled: true,
};
const NATIVE: PoolToClose = {
  image: undefined,
  isMounted: false,
  unit: { path: `${UNITS}/var-lib-app.mount`, sha256: undefined, isOurs: false },
  unitEnabled: false,
};
const PLACED = {
  kind: 'link',
  component: 'core',
  target: '/usr/bin/op',
  text: '/var/lib/app/current/links/usr/bin/op',
} as const;
const ACTIVE = deployment(2, 'v1.0.0', { placed: [PLACED], enabled: ['op.service'] });
const HOST = hostFacts({
  deployments: [ACTIVE],
  active: 2,
  received: [received('v1.0.0')],
  overlays: [{ at: LAYOUT.deployment(2).root, upper: LAYOUT.deployment(2).upper }],
});
const IN_POOL: NonNullable<RemoveFacts['inPool']> = {
  host: HOST,
  giveUp: {
    intent: { kind: 'removing', placed: [PLACED], enabled: ['op.service'], disabled: [], stages: [] },
    system: {
      targets: new Map([
        [
          PLACED.target,
          { place: PLACED.target, parent: 'present', missing: [], found: { kind: 'link', text: PLACED.text } },
        ],
      ]),
      sources: new Map(),
      changed: new Set(),
      units: new Map([['op.service', { enabled: 'enabled', active: 'active' }]]),
      daemon: true,
    },
  },
  prepared: { files: [], directories: ['/etc/goldstream'] },
  operators: [ours(LAYOUT.keyring), changed(LAYOUT.config)],
  holders: [],
  subvolumes: new Map([[LAYOUT.deployment(2).overlay, { path: LAYOUT.deployment(2).overlay, uuid: 'layer' }]]),
};

function facts(given: Partial<RemoveFacts> = {}): RemoveFacts {
  const enabled = new Map(['mount', 'recover'].map((name) => [`goldstream-${name}@app.service`, 'enabled']));
  const files = ['mount', 'recover'].map((name) => ours(`${UNITS}/goldstream-${name}@.service`));
  return {
    layout: LAYOUT,
    pool: IMAGE,
    inPool: IN_POOL,
    boot: { enabled, files, mountActive: true, others: [] },
    ...given,
  };
}

const plan = (given: Partial<RemoveFacts> = {}, deleteData = false) => planRemove(facts(given), { deleteData });
const kinds = (given: Partial<RemoveFacts> = {}, deleteData = false) =>
  plan(given, deleteData).steps.map(({ kind }) => kind);

describe('planRemove', () => {
  it('takes what was placed, then what mounts and judges, then what prepare wrote, the pool last', async () => {
    await expectPlan('remove', plan());
  });

  it('deletes versions and layers as they are recorded where the pool is a directory on somebody’s Btrfs', async () => {
    await expectPlan('remove-on-btrfs-with-data', plan({ pool: NATIVE }, true));
  });

  it('keeps the unit files that another application needs', () => {
    const { steps, kept } = plan({ boot: { ...facts().boot, others: ['shop'] } });
    expect(steps.map(({ says }) => says).join()).not.toContain('remove /etc/systemd/system/goldstream-');
    expect(kept).toContainEqual(expect.stringContaining('shop needs them'));
  });

  it('has nothing to do when nothing of it is left, and says what is kept', () => {
    const boot = { enabled: new Map(), files: [], mountActive: false, others: [] };
    const inPool = {
      ...IN_POOL,
      host: hostFacts(),
      giveUp: undefined,
      prepared: { files: [], directories: [] },
      operators: [],
    };
    expect(plan({ boot, inPool, pool: NATIVE })).toMatchObject({ steps: [], notes: [expect.stringContaining('kept')] });
    expect(kinds({ boot, inPool: undefined, pool: NATIVE })).toEqual([]);
  });

  it('goes on with what lies outside the pool when that was closed before', () => {
    const closed = { ...NATIVE, image: LAYOUT.image };
    expect(kinds({ inPool: undefined, pool: closed })).toEqual([]);
    expect(kinds({ inPool: undefined, pool: closed }, true)).toEqual(['close-pool']);
    expect(kinds({ inPool: undefined, pool: { ...closed, isMounted: true } })).toEqual(['close-pool']);
  });

  it('does not guess while a pool is not mounted that is mounted at boot', () => {
    expect(() => plan({ inPool: undefined, pool: { ...IMAGE, isMounted: false } })).toThrow(
      expect.objectContaining({ code: 'HOST_NOT_PREPARED', hint: expect.stringContaining('var-lib-app.mount') }),
    );
  });

  it('refuses while somebody uses a deployment who is not stopped, or something else is mounted in the pool', () => {
    const holder = { pid: 7, command: 'vim', unit: 'session-1.scope', writes: true, holds: [] };
    const stopped = { ...holder, unit: 'op.service' };
    expect(() => plan({ inPool: { ...IN_POOL, holders: [stopped] } })).not.toThrow();
    expect(() => plan({ inPool: { ...IN_POOL, holders: [holder] } })).toThrow(
      expect.objectContaining({ code: 'REMOVE_IN_USE', message: expect.stringContaining('vim (process 7') }),
    );
    const host = hostFacts({ mounted: [`${LAYOUT.pool}/other`] });
    expect(() => plan({ inPool: { ...IN_POOL, host } })).toThrow(expect.objectContaining({ code: 'REMOVE_IN_USE' }));
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { expectPlan } from '../../test/expected-plan.ts';
import { LAYOUT } from '../../test/host-facts.ts';
import type { BootFacts } from '../boot/facts.ts';
import { layoutOf } from '../host/layout.ts';
import type { PrepareFacts } from './facts.ts';
import { planPrepare } from './plan-prepare.ts';
import { NOTHING_PREPARED } from './prepared-record.ts';

const WISH = { size: 16 * 1024 ** 3, store: 'dir:/srv/releases' };
const KEY = Uint8Array.of(0x98, 1, 2, 3);
const ALL = [
  { path: LAYOUT.pool, mode: 0o755 },
  { path: LAYOUT.deploy, mode: 0o700 },
];

/** The units that run the receiver at boot, in place. */
const BOOT: BootFacts = { files: [], enabled: new Map(), mountActive: true, missing: [] };

/** A host on which everything is in place, but for what a test says. */
function facts(given: Partial<PrepareFacts> = {}): PrepareFacts {
  return {
    layout: LAYOUT,
    pool: { kind: 'btrfs' },
    missing: [],
    configured: { store: WISH.store },
    keyring: KEY,
    keys: [],
    boot: BOOT,
    prepared: NOTHING_PREPARED,
    missingOutside: [],
    isRecorded: true,
    ...given,
  };
}

const kinds = (given: Partial<PrepareFacts>, wish = WISH) =>
  planPrepare(facts(given), wish).steps.map(({ kind }) => kind);

describe('planPrepare', () => {
  it('makes a loopback pool and everything in it on a host without Btrfs', async () => {
    const fresh = { missing: ALL, configured: undefined, keyring: new Uint8Array(), keys: [KEY] };
    await expectPlan('prepare-loopback', planPrepare(facts({ ...fresh, pool: { kind: 'none', foreign: [] } }), WISH));
  });

  it('makes no pool on a host with Btrfs', async () => {
    const fresh = { missing: ALL, configured: undefined, keyring: new Uint8Array(), keys: [KEY, Uint8Array.of(0x99)] };
    await expectPlan('prepare-on-btrfs', planPrepare(facts(fresh), WISH));
  });

  it('finds nothing to do when it is run again', () => {
    expect(kinds({ keys: [KEY] })).toEqual([]);
    expect(kinds({ pool: { kind: 'image', mounted: true, enabled: true } })).toEqual([]);
  });

  it('mounts a pool that was made before, for example after a restart', () => {
    expect(kinds({ pool: { kind: 'image', mounted: false, enabled: true } })).toEqual([
      'mount-pool',
      'record-prepared',
    ]);
  });

  it('begins the trail that a killed run did not come to', () => {
    expect(kinds({ isRecorded: false })).toEqual(['record-prepared']);
  });

  it('makes up for a unit that a killed run did not come to', () => {
    const unit = ['write-file', 'enable-unit', 'record-prepared'];
    expect(kinds({ pool: { kind: 'image', mounted: true, enabled: false } })).toEqual(unit);
    expect(kinds({ pool: { kind: 'image', mounted: false, enabled: false } })).toEqual(['mount-pool', ...unit]);
  });

  it('refuses to hide what is in the pool’s directory', () => {
    expect(() => kinds({ pool: { kind: 'none', foreign: ['precious', 'lost+found'] } })).toThrow(
      expect.objectContaining({
        code: 'PREPARE_FOREIGN_FILE',
        message: expect.stringContaining('precious, lost+found'),
      }),
    );
  });

  it('adds only keys that are not in the keyring yet, and keeps the others', () => {
    const other = Uint8Array.of(0x99, 9);
    const { steps } = planPrepare(facts({ keys: [KEY, other] }), WISH);
    const sha256 = createHash('sha256')
      .update(Buffer.concat([KEY, other]))
      .digest('hex');
    expect(steps).toMatchObject([
      { kind: 'note-prepared', prepared: { files: [{ path: '/etc/goldstream/app.gpg', sha256 }], directories: [] } },
      { kind: 'write-file', says: `add the key to ${LAYOUT.keyring}`, content: Buffer.concat([KEY, other]) },
      {
        kind: 'record-prepared',
        did: ['note what is made outside the pool, for remove', `add the key to ${LAYOUT.keyring}`],
      },
    ]);
  });

  it('overwrites no configuration: the same store is fine, another is refused', () => {
    expect(kinds({}, { ...WISH, store: 'dir:/srv/releases' })).toEqual([]);
    for (const configured of [{ store: 'dir:/elsewhere' }, { store: undefined }]) {
      expect(() => kinds({ configured })).toThrow(expect.objectContaining({ code: 'PREPARE_FOREIGN_FILE' }));
    }
  });

  it('writes a configuration without a store when none was named', () => {
    const { steps } = planPrepare(facts({ configured: undefined }), { size: 0, store: undefined });
    expect(steps.find(({ kind }) => kind === 'write-file')).toMatchObject({
      path: LAYOUT.config,
      content: expect.stringContaining('\n# store: dir:'),
    });
  });

  it('notes the directories that it makes, and forgets nothing that it noted before', () => {
    const prepared = { files: [{ path: '/etc/goldstream/app.yaml', sha256: 'a'.repeat(64) }], directories: ['/etc'] };
    const { steps } = planPrepare(facts({ prepared, missingOutside: ['/etc/goldstream'], keys: [KEY, KEY] }), WISH);
    expect(steps[0]).toMatchObject({ prepared: { ...prepared, directories: ['/etc', '/etc/goldstream'] } });
  });

  it('keeps everything below another root, and names in the unit what is seen from inside', () => {
    const layout = layoutOf('/mnt/host', 'app');
    const { steps } = planPrepare(facts({ layout, pool: { kind: 'none', foreign: [] } }), WISH);
    const paths = steps.flatMap((step) => ('path' in step ? [step.path] : []));
    expect(paths).toEqual(['/mnt/host/etc/systemd/system/var-lib-app.mount']);
    expect(steps.find(({ kind }) => kind === 'write-file')).toMatchObject({
      content: expect.stringMatching(/^What=\/var\/lib\/app\.btrfs\nWhere=\/var\/lib\/app$/m),
    });
  });
});

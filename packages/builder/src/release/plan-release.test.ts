import { renderPlan } from '@goldstream/plan';
import type { TrustedRelease } from '@goldstream/transfer';
import { pathFromText } from '@goldstream/tree';
import { describe, expect, it } from 'vitest';
import { layoutOf } from '../layout.ts';
import type { ReleaseFacts } from './facts.ts';
import { planRelease } from './plan-release.ts';

const layout = layoutOf('/', 'shop');
const record = {
  version: 'v1.3.0' as const,
  uuid: 'the one here',
  contentDigest: `sha256:${'12'.repeat(32)}`,
  bytes: 2 ** 20,
  files: 4,
  extraXattrs: [],
  components: [],
  created: '2026-11-22T00:00:00Z',
};
const facts: ReleaseFacts = {
  send: {
    layout,
    version: 'v1.3.0',
    snapshot: { path: layout.snapshot('v1.3.0'), record },
    settings: { level: 9, partSize: 2 ** 30 },
    wanted: [{ parent: undefined, existing: undefined, report: undefined }],
    budget: undefined,
  },
  storeUrl: 'dir:/srv/releases',
  draft: false,
  published: undefined,
  signers: [{ fingerprint: 'F'.repeat(40), userId: 'shop releases', expires: undefined, objection: undefined }],
  keys: undefined,
  skipped: [{ version: 'v1.2.9', reason: 'its snapshot is not on this builder' }],
  policy: { setuid: [], capabilities: [], devices: [], xattrs: [] },
  privileges: [],
  now: new Date('2026-11-22T10:11:12.345Z'),
  architecture: 'x86_64',
};

describe('the plan of release', () => {
  it('sends, signs, and publishes last; it says why a parent is left out', () => {
    expect(renderPlan(planRelease(facts))).toMatchInlineSnapshot(`
      "release shop v1.3.0 in dir:/srv/releases:
        note: no incremental from v1.2.9: its snapshot is not on this builder
        1. send v1.3.0 in full (about 1.0 MiB), zstd level 9
        2. write manifest and SHA256SUMS of v1.3.0, signed by shop releases (FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF)
        3. publish v1.3.0 in dir:/srv/releases
      "
    `);
    expect(planRelease(facts).steps).toMatchObject([{}, { created: '2026-11-22T10:11:12Z' }, {}]);
  });

  it('tells what changed since the newest parent, in assets beside those of the manifest', () => {
    const [full] = facts.send.wanted;
    const parents = (['v1.2.8', 'v1.2.9'] as const).map((version) => ({
      parent: { path: layout.snapshot(version), record: { ...record, version } },
      existing: undefined,
      report: undefined,
    }));
    const send = { ...facts.send, wanted: [...(full === undefined ? [] : [full]), ...parents] };
    const besides = ['shop-v1.3.0.changes.json', 'shop-v1.3.0.changes.md'];
    const { steps } = planRelease({ ...facts, send });
    expect(steps.slice(-3)).toMatchObject([
      { kind: 'write-changes', parent: 'v1.2.9', record: layout.streamRecord('v1.3.0', 'v1.2.9') },
      { kind: 'write-manifest', besides },
      { kind: 'publish', besides },
    ]);
  });

  it('has nothing to do for a version that is published from this very snapshot', () => {
    expect(planRelease({ ...facts, published: publishedFrom('the one here') }).steps).toEqual([]);
  });

  it('refuses a version that was published from another snapshot', () => {
    expect(() => planRelease({ ...facts, published: publishedFrom('another') })).toThrowError(
      expect.objectContaining({ code: 'BUILDER_RELEASED_OTHERWISE', exitCode: 7 }),
    );
  });

  it('refuses what the recipe does not list, by path and key, and asks hosts for what it lists', () => {
    const privileges = [{ kind: 'setuid', path: pathFromText('core/bin/su') }] as const;
    expect(() => planRelease({ ...facts, privileges })).toThrowError(
      expect.objectContaining({
        code: 'BUILDER_UNLISTED_PRIVILEGE',
        exitCode: 4,
        message: expect.stringContaining('core/bin/su has a set-uid or set-gid bit (setuid)'),
      }),
    );
    const policy = { ...facts.policy, setuid: ['core/bin/su'] };
    expect(planRelease({ ...facts, privileges, policy }).steps).toContainEqual(expect.objectContaining({ policy }));
  });

  it('refuses an attribute that was listed after the snapshot was made: its digest does not cover it', () => {
    const privileges = [{ kind: 'xattrs', path: pathFromText('core'), name: 'trusted.app' }] as const;
    const policy = { ...facts.policy, xattrs: ['trusted.app'] };
    expect(() => planRelease({ ...facts, privileges, policy })).toThrowError(
      expect.objectContaining({ code: 'BUILDER_UNLISTED_PRIVILEGE' }),
    );
  });

  it('names every key that signs, and the newest keys document', () => {
    const [first] = facts.signers;
    const second = { fingerprint: 'E'.repeat(40), userId: 'Bob', expires: undefined, objection: undefined };
    const keys = { number: 2, sha256: 'ab'.repeat(32) };
    const signers = [...(first === undefined ? [] : [first]), second];
    expect(planRelease({ ...facts, signers, keys }).steps).toContainEqual(
      expect.objectContaining({ keys, signers: ['F'.repeat(40), 'E'.repeat(40)] }),
    );
  });
});

function publishedFrom(uuid: string): TrustedRelease {
  // The plan looks at nothing else of it.
  return { manifest: { snapshot: { uuid } } } as TrustedRelease;
}

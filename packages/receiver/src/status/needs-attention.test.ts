import { describe, expect, it } from 'vitest';
import { deployment, hostFacts, received } from '../../test/host-facts.ts';
import type { HostFacts } from '../host/facts.ts';
import type { TrustStatus } from '../trust/tell-trust.ts';
import type { StatusFacts } from './facts.ts';
import { needsAttention } from './needs-attention.ts';

const signed = received('v1.0.0', { manifestSha256: '0'.repeat(64) });
const quiet = hostFacts({
  deployments: [deployment(1, 'v1.0.0')],
  active: 1,
  received: [signed],
  mounted: ['/var/lib/app/live/0001/root'],
});

function attention(
  host: HostFacts,
  trust: TrustStatus = { keys: 0, channel: null },
  seen: StatusFacts['seen'] = new Map(),
): readonly string[] {
  return needsAttention({
    host,
    seen,
    trust,
    audit: { kind: 'missing' },
    space: { total: 1, used: 0, free: 1 },
    current: { text: 'live/0001', since: '2026-11-22T03:00:00.000Z' },
    names: { deploy: host.present, overlay: ['0001'], live: ['0001'] },
  });
}

describe('needsAttention', () => {
  it('says nothing of a host on which all is well', () => {
    expect(attention(quiet)).toEqual([]);
  });

  it('names a version that was taken without a signature', () => {
    expect(attention({ ...quiet, records: new Map([['v1.0.0', received('v1.0.0')]]) })).toEqual([
      'v1.0.0 was taken without a signature: nothing proves what is in it',
    ]);
  });

  it('names loudly a version that drifted, and one that failed verify --deep, with what mends it', () => {
    const drift = 'was changed on this host: its ctransid is 41, it was 11 when it was received';
    const at = '2026-11-22T02:00:00.000Z';
    const deep = { at, ok: false, problems: ['content: its content digest is sha256:1, expected sha256:0'] };
    const check = { version: signed.version, subvolumeUuid: signed.subvolumeUuid, deep };
    expect(attention(quiet, undefined, new Map([[signed.version, { check, drift }]]))).toEqual([
      `v1.0.0 is NOT what was received: it ${drift}: goldstream-receiver repair v1.0.0`,
      `v1.0.0 failed verify --deep at ${at} (${deep.problems[0]}): goldstream-receiver repair v1.0.0`,
    ]);
    const fine = { check: { ...check, deep: { at, ok: true, problems: [] } }, drift: undefined };
    expect(attention(quiet, undefined, new Map([[signed.version, fine]]))).toEqual([]);
  });

  it('names a channel that was never accepted, and one that has expired', () => {
    const accepted = {
      epoch: 0,
      sequence: 3,
      current: 'v1.0.0' as const,
      expires: '2026-12-22T03:00:00Z',
      checkedAt: '2026-11-22T03:00:00.000Z',
    };
    const of = (one: typeof accepted & { secondsLeft: number }) =>
      attention(quiet, { keys: 1, channel: { name: 'stable', accepted: one } });
    expect(attention(quiet, { keys: 0, channel: { name: 'stable', accepted: null } })).toEqual([
      'channel stable was never accepted here: goldstream-receiver upgrade looks at it',
    ]);
    expect(of({ ...accepted, secondsLeft: 1 })).toEqual([]);
    expect(of({ ...accepted, secondsLeft: 0 })).toEqual([
      'channel stable expired at 2026-12-22T03:00:00Z: nothing new is taken until there is a newer one',
    ]);
  });

  it('names an active deployment that is not mounted, with what mounts it', () => {
    expect(attention({ ...quiet, mounts: new Map() })).toEqual([
      'the active deployment 0001 (v1.0.0) is not mounted: goldstream-receiver mount',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { NOW, received } from '../../test/host-facts.ts';
import { notOk, ok } from './check.ts';
import type { VersionChecks } from './check-version.ts';
import { mergeCheck } from './note-checks.ts';

const record = received('v1.0.0');
const of = { version: record.version, subvolumeUuid: record.subvolumeUuid };
const at = NOW.toISOString();
const fine: VersionChecks = { checks: [ok('v1.0.0', 'subvolume')], unchangedAt: 12, content: undefined };

describe('mergeCheck', () => {
  it('keeps when, how thoroughly, with what outcome, and which digest was found', () => {
    const wrong = notOk('wrong', 'v1.0.0', 'content', 'its content digest is sha256:1, expected sha256:0');
    const found = { ...fine, checks: [...fine.checks, wrong], content: { check: wrong, digest: 'sha256:1' } };
    const problems = ['content: its content digest is sha256:1, expected sha256:0'];
    expect(mergeCheck(undefined, record, found, NOW)).toEqual({
      ...of,
      unchangedAt: 12,
      deep: { at, ok: false, problems, contentDigest: 'sha256:1' },
    });
  });

  it('takes nothing from what a deep one found when a quick one follows, and the other way round', () => {
    const content = { check: ok('v1.0.0', 'content'), digest: 'sha256:0' };
    const deep = mergeCheck(undefined, record, { ...fine, content }, NOW);
    const both = mergeCheck(deep, record, fine, new Date('2026-11-23T00:00:00.000Z'));
    expect(both.deep).toEqual(deep.deep);
    expect(both.quick).toEqual({ at: '2026-11-23T00:00:00.000Z', ok: true, problems: [] });
    expect(mergeCheck(both, record, { ...fine, content }, NOW).quick).toEqual(both.quick);
  });

  it('forgets the generation of a version that drifted', () => {
    const last = mergeCheck(undefined, record, fine, NOW);
    expect(mergeCheck(last, record, { ...fine, unchangedAt: undefined }, NOW)).not.toHaveProperty('unchangedAt');
  });
});

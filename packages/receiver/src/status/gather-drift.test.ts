import { describe, expect, it } from 'vitest';
import { received } from '../../test/host-facts.ts';
import { isUncommitted } from './gather-drift.ts';

const record = received('v1.0.0', { hostCtransid: 9 });
const seen = { uuid: record.subvolumeUuid, receivedUuid: record.uuid, generation: 9, path: 'pool/deploy/v1.0.0' };
const check = { version: record.version, subvolumeUuid: record.subvolumeUuid, unchangedAt: 30 };

describe('isUncommitted', () => {
  it('believes the generation that is the recorded ctransid, and the one at which that was looked at last', () => {
    expect(isUncommitted(record, undefined, seen)).toBe(true);
    expect(isUncommitted(record, undefined, { ...seen, path: 'deploy/v1.0.0' })).toBe(true);
    expect(isUncommitted(record, check, { ...seen, generation: 30 })).toBe(true);
  });

  it.each([
    ['it is not listed', undefined],
    ['something was committed since', { ...seen, generation: 31 }],
    ['it is under another name', { ...seen, path: 'deploy/v1.0.0-old' }],
    ['it lies elsewhere', { ...seen, path: 'backup/xdeploy/v1.0.0' }],
    ['it lost its received UUID', { ...seen, receivedUuid: undefined }],
  ])('is not sure when %s', (_, listed) => {
    expect(isUncommitted(record, check, listed)).toBe(false);
  });
});

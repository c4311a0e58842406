import { describe, expect, it } from 'vitest';
import { received } from '../../test/host-facts.ts';
import { isRecorded, isUntouched } from './gather-drift.ts';

const record = received('v1.0.0', { hostCtransid: 9 });
const seen = { uuid: record.subvolumeUuid, receivedUuid: record.uuid, generation: 9, path: 'pool/deploy/v1.0.0' };

describe('isRecorded', () => {
  it.each(['deploy/v1.0.0', 'pool/deploy/v1.0.0'])('finds the subvolume of the record at %s', (path) => {
    expect(isRecorded(record, { ...seen, path })).toBe(true);
  });

  it.each([
    ['is not listed', undefined],
    ['is under another name', { ...seen, path: 'deploy/v1.0.0-old' }],
    ['lies elsewhere', { ...seen, path: 'backup/xdeploy/v1.0.0' }],
    ['lost its received UUID', { ...seen, receivedUuid: undefined }],
  ])('does not believe in one that %s', (_, listed) => {
    expect(isRecorded(record, listed)).toBe(false);
  });
});

describe('isUntouched', () => {
  const check = { version: record.version, subvolumeUuid: record.subvolumeUuid, unchangedAt: 30 };

  it('believes the generation that is the recorded ctransid, and the one at which that was looked at last', () => {
    expect(isUntouched(record, undefined, seen)).toBe(true);
    expect(isUntouched(record, check, { ...seen, generation: 30 })).toBe(true);
  });

  it('is not sure once something was committed', () => {
    expect(isUntouched(record, undefined, { ...seen, generation: 30 })).toBe(false);
    expect(isUntouched(record, check, { ...seen, generation: 31 })).toBe(false);
  });
});

import { recordingRunner } from '@goldstream/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createSubvolume,
  findSubvolume,
  newestSubvolumeId,
  parseSubvolumeList,
  parseSubvolumeShow,
  snapshotSubvolume,
} from './subvolume.ts';

/** What btrfs-progs 6.2 says of a received, read-only snapshot. */
const RECEIVED = `deploy/v1.0.0
\tName: \t\t\tv1.0.0
\tUUID: \t\t\t426689a5-6d8e-a045-a693-1a9a9cc51d05
\tParent UUID: \t\t-
\tReceived UUID: \t\ted4aa992-ca5b-4944-9888-ee54df7879e5
\tCreation time: \t\t2026-11-22 04:11:30 +0000
\tSubvolume ID: \t\t258
\tGeneration: \t\t9
\tGen at creation: \t8
\tParent ID: \t\t5
\tTop level ID: \t\t5
\tFlags: \t\t\treadonly
\tSend transid: \t\t7
\tSend time: \t\t2026-11-22 04:11:30 +0000
\tReceive transid: \t8
\tReceive time: \t\t2026-11-22 04:11:30 +0000
\tSnapshot(s):
`;

/** And of a writable one that was made here and has a snapshot. */
const GOLDEN = `golden
\tName: \t\t\tgolden
\tUUID: \t\t\t37f57886-daba-ef4e-a8f3-d17a655094da
\tParent UUID: \t\t-
\tReceived UUID: \t\t-
\tCreation time: \t\t2026-11-22 04:11:30 +0000
\tSubvolume ID: \t\t256
\tGeneration: \t\t7
\tGen at creation: \t7
\tParent ID: \t\t5
\tTop level ID: \t\t5
\tFlags: \t\t\t-
\tSend transid: \t\t0
\tSend time: \t\t2026-11-22 04:11:30 +0000
\tReceive transid: \t0
\tReceive time: \t\t-
\tSnapshot(s):
\t\t\t\tFlags: readonly
\t\t\t\tv1.0.0
`;

/** btrfs-progs 6.2, `btrfs subvolume list -u -R`. */
const LISTED = `ID 256 gen 7 top level 5 received_uuid -                                    uuid 9c2da754-3895-2f4f-b6b5-33d3d2c78e7b path a b
ID 258 gen 8 top level 5 received_uuid e873fb89-3350-d349-bfc2-35684319a29b uuid b00e9016-2c9a-3343-99d2-ae4976fbc701 path deploy/v1.0.0
`;

describe('parseSubvolumeList', () => {
  it('reads a line each, names with spaces too', () => {
    expect(parseSubvolumeList(LISTED)).toEqual([
      { uuid: '9c2da754-3895-2f4f-b6b5-33d3d2c78e7b', receivedUuid: undefined, generation: 7, path: 'a b' },
      {
        uuid: 'b00e9016-2c9a-3343-99d2-ae4976fbc701',
        receivedUuid: 'e873fb89-3350-d349-bfc2-35684319a29b',
        generation: 8,
        path: 'deploy/v1.0.0',
      },
    ]);
    expect(parseSubvolumeList('')).toEqual([]);
  });
});

describe('parseSubvolumeShow', () => {
  it('reads a received snapshot', () => {
    expect(parseSubvolumeShow('/pool/deploy/v1.0.0', RECEIVED)).toEqual({
      path: '/pool/deploy/v1.0.0',
      uuid: '426689a5-6d8e-a045-a693-1a9a9cc51d05',
      parentUuid: undefined,
      receivedUuid: 'ed4aa992-ca5b-4944-9888-ee54df7879e5',
      id: 258,
      generation: 9,
      generationAtCreation: 8,
      readonly: true,
      sendTransid: 7,
    });
  });

  it('takes dashes and a transid of 0 for nothing, and names of snapshots for no fields', () => {
    expect(parseSubvolumeShow('/pool/golden', GOLDEN)).toMatchObject({
      id: 256,
      readonly: false,
      parentUuid: undefined,
      receivedUuid: undefined,
      sendTransid: undefined,
    });
  });

  it('finds read-only among other flags', () => {
    const output = RECEIVED.replace('readonly', 'readonly, unknown');
    expect(parseSubvolumeShow('/v', output).readonly).toBe(true);
  });

  it.each(['UUID', 'Subvolume ID', 'Generation', 'Gen at creation'])('says what is missing without “%s”', (field) => {
    const output = GOLDEN.replace(`\t${field}:`, '\tSomething else:');
    expect(() => parseSubvolumeShow('/pool/golden', output)).toThrow(
      expect.objectContaining({ code: 'TOOL_FAILED', message: expect.stringContaining(`“${field}”`) }),
    );
  });

  it('reads whatever else a program says, or refuses it with a code', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('\t', '\n', ':', ' ', '-', 'U', 'ID', 'Flags', '1') }),
        (output) => {
          expect(() => parseSubvolumeShow('/v', output)).toThrow(expect.objectContaining({ code: 'TOOL_FAILED' }));
        },
      ),
    );
  });
});

describe('findSubvolume', () => {
  it('finds nothing where btrfs says that there is no subvolume', async () => {
    const runner = recordingRunner({
      'btrfs subvolume show': { exitCode: 1, stderr: 'ERROR: Not a Btrfs subvolume\n' },
    });
    expect(await findSubvolume(runner, '/pool/none')).toBeUndefined();
  });

  it('does not take a program that failed otherwise for “no subvolume”', async () => {
    const runner = recordingRunner({ 'btrfs subvolume show': { exitCode: 139 } });
    await expect(findSubvolume(runner, '/pool/v1.0.0')).rejects.toMatchObject({ code: 'TOOL_FAILED' });
  });
});

describe('newestSubvolumeId', () => {
  it('takes the highest id, wherever it stands', async () => {
    const listing =
      'ID 256 gen 7 top level 5 path golden\nID 1300 gen 8 top level 5 path a ID 9999 b\nID 258 gen 8 top level 5 path c\n';
    expect(await newestSubvolumeId(recordingRunner({ 'btrfs subvolume list /pool': listing }), '/pool')).toBe(1300);
  });

  it('is the top level’s id on an empty filesystem', async () => {
    expect(await newestSubvolumeId(recordingRunner({ 'btrfs subvolume list': '' }), '/pool')).toBe(5);
  });
});

describe('making subvolumes', () => {
  it('makes snapshots writable unless told otherwise', async () => {
    const runner = recordingRunner({ 'btrfs subvolume': '' });
    await createSubvolume(runner, '/pool/golden');
    await snapshotSubvolume(runner, '/pool/golden', '/pool/work');
    await snapshotSubvolume(runner, '/pool/golden', '/pool/v1.0.0', { readonly: true });
    expect(runner.lines).toEqual([
      'btrfs subvolume create /pool/golden',
      'btrfs subvolume snapshot /pool/golden /pool/work',
      'btrfs subvolume snapshot -r /pool/golden /pool/v1.0.0',
    ]);
  });
});

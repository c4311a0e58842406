import { describe, expect, it } from 'vitest';
import { chunked } from '../../test/chunking.ts';
import {
  END,
  encodeCommand,
  encodeHeader,
  FOREIGN_UUID,
  PARENT_UUID,
  type TestAttribute,
  UUID,
  uuidBytes,
} from '../../test/encode-stream.ts';
import { FULL, INCREMENTAL, refusalOf } from '../../test/guarding.ts';
import type { CommandName } from '../index.ts';

const HARMLESS = encodeCommand('mkdir', [
  ['path', 'a'],
  ['ino', 257n],
]);

/** The expected first command, with changes. */
const head = (name: CommandName, change: Partial<Record<string, TestAttribute[1]>> = {}) => {
  const values = {
    path: 'v1',
    uuid: uuidBytes(UUID),
    ctransid: 7n,
    clone_uuid: uuidBytes(PARENT_UUID),
    clone_ctransid: 5n,
  };
  const names = ['path', 'uuid', 'ctransid', ...(name === 'snapshot' ? ['clone_uuid', 'clone_ctransid'] : [])] as const;
  // The names are keys of the values.
  return encodeCommand(
    name,
    names.map((key) => [key, change[key] ?? values[key as keyof typeof values]] as TestAttribute),
  );
};

describe('a stream whose first command', () => {
  it.each([
    ['has another name', 'GUARD_WRONG_NAME', FULL, head('subvol', { path: 'v2' })],
    ['has a name that leads elsewhere', 'GUARD_BAD_PATH', FULL, head('subvol', { path: '../v1' })],
    ['has a name of two components', 'GUARD_BAD_PATH', FULL, head('subvol', { path: 'x/v1' })],
    ['has a name with a NUL', 'GUARD_BAD_PATH', FULL, head('subvol', { path: 'v1\0' })],
    ['has another uuid', 'GUARD_WRONG_UUID', FULL, head('subvol', { uuid: uuidBytes(FOREIGN_UUID) })],
    ['has another transid', 'GUARD_WRONG_TRANSID', FULL, head('subvol', { ctransid: 8n })],
    [
      'names another parent',
      'GUARD_WRONG_PARENT',
      INCREMENTAL,
      head('snapshot', { clone_uuid: uuidBytes(FOREIGN_UUID) }),
    ],
    ['names a parent where none is expected', 'GUARD_WRONG_PARENT', FULL, head('snapshot')],
    ['names no parent where one is expected', 'GUARD_WRONG_PARENT', INCREMENTAL, head('subvol')],
    ['makes no subvolume', 'SEND_STREAM_NO_SUBVOLUME', FULL, HARMLESS],
    ['is its end', 'SEND_STREAM_NO_SUBVOLUME', FULL, Buffer.alloc(0)],
  ] as const)('%s is refused as %s', (_, code, expected, first) => {
    const { error, passed } = refusalOf(expected, chunked(Buffer.concat([encodeHeader(), first, END]), [1]));
    expect(error).toMatchObject({ code, offset: 17 });
    expect(passed).toHaveLength(0);
  });
});

it("does not compare the transid of the parent, which is the sender's local number", () => {
  const stream = Buffer.concat([encodeHeader(), head('snapshot', { clone_ctransid: 12_345n }), END]);
  expect(refusalOf(INCREMENTAL, [stream])).toEqual({ error: undefined, passed: stream });
});

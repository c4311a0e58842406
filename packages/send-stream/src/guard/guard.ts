import { ByteQueue } from '../byte-queue.ts';
import type { Command } from '../command.ts';
import { CommandReader } from '../command-reader.ts';
import { SendStreamError } from '../error.ts';
import { CommandCheck } from './command-check.ts';
import type { GuardExpectation } from './expectation.ts';
import { asRefusal } from './refusal.ts';
import { refuseHead } from './refuse-head.ts';

/** Stands between a stream and a privileged `btrfs receive`. After it threw once, it throws the same again. */
export interface Guard {
  /**
   * Takes the next bytes of the stream and gives back those that may now be passed on, in order: views of pushed
   * chunks, which must not be changed before they were passed on.
   * @throws SendStreamError `SEND_STREAM_…` (malformed) or `GUARD_…` (against expectation or policy)
   */
  push(chunk: Uint8Array): readonly Uint8Array[];
  /**
   * Says that no more bytes come, and gives back the last ones: the `end` command, held until nothing followed it.
   * @throws SendStreamError `SEND_STREAM_TRUNCATED` or `SEND_STREAM_TRAILING_DATA`
   */
  end(): readonly Uint8Array[];
}

/**
 * A guard that lets a stream through byte for byte, or stops before the first command that is not allowed: no byte of
 * that one comes out, and no `end` either, so `btrfs receive` cannot finish a subvolume of which a part was refused.
 *
 * It demands a sound stream (see {@link CommandReader}): first, and only there, the one expected subvolume or snapshot,
 * `end` last. Of every command in between: no attribute and no number that `btrfs receive` would ignore or misread; paths
 * that are relative and normal, lead through directories only, and end where the command needs (see {@link Namespace}:
 * it follows renames, so that a path means what it means to `btrfs receive`); contents for regular files only; clones
 * out of this subvolume as it is now or of the parent as it was; no privilege beyond the policy (see
 * {@link Privileges}); not more files, or larger ones, than the snapshot has.
 *
 * What passes can still fail in `btrfs receive`, harmlessly: an `rmdir` of a parent's directory in which the parent has
 * something that no command named (`ENOTEMPTY`), or a full filesystem.
 *
 * It knows what the stream and the look at the parent say. That the parent is still what it was when it was received,
 * and that nobody else writes into the unfinished snapshot, is the caller's to ensure: `btrfs receive --chroot` into a
 * directory that nobody else can enter stays the second wall.
 *
 * @throws Error when an incremental stream is expected without a look at its parent: an oversight of the caller
 */
export function createGuard(expected: GuardExpectation): Guard {
  if (expected.parentUuid !== undefined && expected.parent === undefined) {
    throw new Error('a guard for an incremental stream needs a look at its parent');
  }
  const held = new ByteQueue();
  const reader = new CommandReader();
  const accept = acceptor(reader, expected);
  let pushed = 0;
  let refusal: unknown;

  const orStayClosed = <Result>(step: () => Result): Result => {
    if (refusal !== undefined) throw refusal;
    try {
      return step();
    } catch (error) {
      refusal = error;
      throw error;
    }
  };

  return {
    push: (chunk) =>
      orStayClosed(() => {
        pushed += chunk.length;
        refuseLength(pushed, expected);
        held.push(chunk);
        reader.push(chunk);
        const upTo = accept();
        return held.take(upTo - held.position);
      }),
    end: () =>
      orStayClosed(() => {
        reader.end();
        return held.take(held.length);
      }),
  };
}

/** Reads what can be read; gives back the offset up to which all may be passed on. */
function acceptor(reader: CommandReader, expected: GuardExpectation): () => number {
  let check: CommandCheck | undefined;
  let upTo = 0;
  const accept = (command: Command) => {
    // A command was read, so the version is known.
    if (check === undefined)
      check = new CommandCheck(expected, refuseHead(command, reader.version as number, expected));
    else check.accept(command);
  };
  return () => {
    for (let command = reader.read(); command !== undefined; command = reader.read()) {
      try {
        accept(command);
      } catch (error) {
        throw asRefusal(command, error);
      }
      if (command.kind !== 'end') upTo = reader.position;
    }
    return upTo;
  };
}

function refuseLength(pushed: number, { maxBytes }: GuardExpectation): void {
  if (maxBytes === undefined || pushed <= maxBytes) return;
  throw new SendStreamError('GUARD_TOO_LONG', maxBytes, `the stream goes on after its announced ${maxBytes} bytes`);
}

import { ByteQueue } from '../byte-queue.ts';
import { CommandReader } from '../command-reader.ts';
import { SendStreamError } from '../error.ts';
import { refuseCommand } from './refuse-command.ts';
import { refuseHead } from './refuse-head.ts';

/** What a stream must be, from the signed manifest. */
export interface GuardExpectation {
  /** The one subvolume that the stream may make. */
  readonly name: string;
  /** Lower case with dashes, as the manifest has it from the stream's own first command. */
  readonly uuid: string;
  readonly transid: bigint;
  /** The parent that an incremental stream must name; leave it out to demand a full stream. */
  readonly parentUuid?: string | undefined;
  /** The longest the stream may be. Bytes. */
  readonly maxBytes?: number | undefined;
}

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
 * It demands: a sound stream (see {@link CommandReader}); first, and only there, the one expected subvolume or
 * snapshot; no command or attribute that the protocol version lacks; paths that are relative and normal; clones out of
 * this subvolume or the declared parent; no device nodes, set-uid or set-gid modes, and extended attributes of harmless
 * namespaces only; `end` last.
 *
 * What it does not do: it judges each path by its text alone and does not know what the path leads to. A stream that
 * makes a symlink and then names a path *through* it passes, and would be followed by `btrfs receive`, though only to
 * what is below the directory that `--chroot` confines it to. So `--chroot` into a directory that nobody else can enter
 * is not optional.
 */
export function createGuard(expected: GuardExpectation): Guard {
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
  let first = true;
  let upTo = 0;
  return () => {
    for (let command = reader.read(); command !== undefined; command = reader.read()) {
      // A command was read, so the version is known.
      if (first) refuseHead(command, reader.version as number, expected);
      else refuseCommand(command, expected);
      first = false;
      if (command.kind !== 'end') upTo = reader.position;
    }
    return upTo;
  };
}

function refuseLength(pushed: number, { maxBytes }: GuardExpectation): void {
  if (maxBytes === undefined || pushed <= maxBytes) return;
  throw new SendStreamError('GUARD_TOO_LONG', maxBytes, `the stream goes on after its announced ${maxBytes} bytes`);
}

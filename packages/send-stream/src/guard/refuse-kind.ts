import type { Command } from '../command.ts';
import { describeKind, type NodeKind } from '../namespace/node-kind.ts';
import type { CommandName } from '../protocol.ts';
import { refusal } from './refusal.ts';

/**
 * Lets a command pass only when it fits what its path leads to. `btrfs receive` opens files to write to them, and
 * follows a symlink when it changes a mode.
 *
 * `chmod` fits everything else too: `btrfs send` gives fifos, sockets and devices their modes by it.
 */
export function refuseKind(command: Command, kind: NodeKind): void {
  const fitting = command.kind === 'unknown' ? undefined : FITTING[command.kind];
  if (fitting === undefined || kind === 'unknown' || fitting.includes(kind)) return;
  const wanted = fitting.map((one) => one.replace('-', ' ')).join(', ');
  throw refusal(command, 'GUARD_WRONG_KIND', `it is ${describeKind(kind)}, expected one of: ${wanted}`);
}

const CONTENTS: readonly NodeKind[] = ['file'];

const FITTING: Partial<Record<CommandName, readonly NodeKind[]>> = {
  write: CONTENTS,
  encoded_write: CONTENTS,
  clone: CONTENTS,
  truncate: CONTENTS,
  fallocate: CONTENTS,
  enable_verity: CONTENTS,
  fileattr: ['file', 'directory'],
  chmod: ['file', 'directory', 'fifo', 'socket', 'character-device', 'block-device'],
};

import { BYTE_CHANGES } from './byte-changes.ts';
import { COMMAND_CHANGES } from './command-changes.ts';
import { cutStream, joinStream } from './cut-stream.ts';
import { type Dice, pick } from './dice.ts';

/** A stream that was changed. */
export interface Mutant {
  readonly bytes: Buffer;
  /** `bytes`: as by a faulty disk, CRCs not made again. `commands`: as by somebody who makes them right again. */
  readonly of: 'bytes' | 'commands';
  /** What was done, for messages. */
  readonly says: string;
}

/** Changes a stream in one to three ways. @param others streams that commands are taken from */
export function mutate(stream: Uint8Array, others: readonly Uint8Array[], roll: Dice): Mutant {
  const times = 1 + roll(3);
  return roll(3) === 0 ? mutateBytes(stream, times, roll) : mutateCommands(stream, others, times, roll);
}

function mutateBytes(stream: Uint8Array, times: number, roll: Dice): Mutant {
  let bytes = Buffer.from(stream);
  const said: string[] = [];
  for (let time = 0; time < times; time++) {
    const change = pick(BYTE_CHANGES, roll);
    said.push(change.name);
    bytes = Buffer.from(change(bytes, roll));
  }
  return { bytes, of: 'bytes', says: said.join(', ') };
}

function mutateCommands(stream: Uint8Array, others: readonly Uint8Array[], times: number, roll: Dice): Mutant {
  const { version, commands } = cutStream(stream);
  let changed = commands;
  const said: string[] = [];
  for (let time = 0; time < times; time++) {
    const change = pick(COMMAND_CHANGES, roll);
    said.push(change.name);
    changed = change(changed, roll, others);
  }
  return { bytes: joinStream(version, changed), of: 'commands', says: said.join(', ') };
}

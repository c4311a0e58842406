import { readAttributes } from './attribute.ts';
import { ByteQueue } from './byte-queue.ts';
import type { Command } from './command.ts';
import { crc32c } from './crc32c/crc32c.ts';
import { Cursor } from './cursor.ts';
import { decodeCommand } from './decode-command.ts';
import { SendStreamError } from './error.ts';
import { COMMAND_HEADER_LENGTH, commandName, LONGEST_COMMAND } from './protocol.ts';
import { readStreamHeader } from './stream-header.ts';

/**
 * Reads a send stream as its bytes come: push a chunk of any size, then read commands until there is none.
 *
 * Every command that is handed out is complete and has the right CRC, and its attributes have the right lengths. File
 * data is never copied: it is given as views of the pushed chunks, which must therefore not be changed while a command
 * is in use.
 * At most one command is held back, and no length that the stream announces is believed beyond {@link LONGEST_COMMAND}.
 *
 * @example
 * const reader = new CommandReader();
 * for (const chunk of chunks) {
 *   reader.push(chunk);
 *   for (let command = reader.read(); command !== undefined; command = reader.read()) use(command);
 * }
 * reader.end();
 */
export class CommandReader {
  readonly #waiting = new ByteQueue();
  #version: number | undefined;
  #ended = false;

  /** Protocol version, known once the header was read. */
  get version(): number | undefined {
    return this.#version;
  }

  /** Bytes from the start of the stream to the end of the last command that was read. */
  get position(): number {
    return this.#waiting.position;
  }

  /** Whether the `end` command was read. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Adds the next bytes of the stream, by reference. */
  push(chunk: Uint8Array): void {
    this.#waiting.push(chunk);
  }

  /**
   * The next command, or undefined when its last byte has not come yet.
   * @throws SendStreamError `SEND_STREAM_…`, at the first command that is not sound; what came before was handed out,
   *   and there is no sense in reading on
   */
  read(): Command | undefined {
    this.#version ??= readStreamHeader(this.#waiting, 'more may come');
    if (this.#version === undefined) return undefined;
    if (this.#ended) this.#refuseMore();
    if (this.#waiting.length < COMMAND_HEADER_LENGTH) return undefined;

    const header = readCommandHeader(this.#waiting.peek(COMMAND_HEADER_LENGTH), this.position, this.#version);
    if (this.#waiting.length < header.length) return undefined;
    const command = takeCommand(this.#waiting, header, this.#version);
    this.#ended = command.kind === 'end';
    return command;
  }

  /**
   * Says that no more bytes come. Call it when {@link read} has nothing left.
   * @throws SendStreamError `SEND_STREAM_TRUNCATED` unless the last command was `end`
   */
  end(): void {
    this.#version ??= readStreamHeader(this.#waiting, 'that was all');
    if (this.#ended) {
      this.#refuseMore();
      return;
    }
    throw new SendStreamError('SEND_STREAM_TRUNCATED', this.position, whereItStops(this.#waiting, this.#version), {
      hint: 'Get the stream again: it was cut off.',
    });
  }

  #refuseMore(): void {
    if (this.#waiting.length === 0) return;
    throw new SendStreamError('SEND_STREAM_TRAILING_DATA', this.position, 'there are bytes after the end command');
  }
}

/** Says it of a stream that does not go on behind what is waiting. */
function whereItStops(waiting: ByteQueue, version: number): string {
  if (waiting.length === 0) return 'the stream stops, expected another command or end';
  if (waiting.length < COMMAND_HEADER_LENGTH) {
    return `the stream stops ${waiting.length} bytes into a command header, expected ${COMMAND_HEADER_LENGTH}`;
  }
  const { type, length } = readCommandHeader(waiting.peek(COMMAND_HEADER_LENGTH), waiting.position, version);
  return `the stream stops ${waiting.length} bytes into ${labelOf(type, version)}, expected ${length}`;
}

interface CommandHeader {
  readonly type: number;
  /** Bytes of the whole command, header included. */
  readonly length: number;
  readonly crc: number;
}

function readCommandHeader(bytes: Uint8Array, offset: number, version: number): CommandHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = COMMAND_HEADER_LENGTH + view.getUint32(0, true);
  const type = view.getUint16(4, true);
  // readStreamHeader lets no other version pass.
  const longest = LONGEST_COMMAND[version] as number;
  if (length > longest) {
    const problem = `length of ${labelOf(type, version)} is ${length} bytes, at most ${longest} are allowed`;
    throw new SendStreamError('SEND_STREAM_COMMAND_TOO_LONG', offset, problem);
  }
  return { type, length, crc: view.getUint32(6, true) };
}

function takeCommand(waiting: ByteQueue, { type, length, crc }: CommandHeader, version: number): Command {
  const offset = waiting.position;
  // The CRC is taken with its own four bytes, the last of the header, set to zero (send.h, struct btrfs_cmd_header).
  const ofHeader = crc32c(ZERO_CRC, crc32c(waiting.peek(COMMAND_HEADER_LENGTH - ZERO_CRC.length)));
  waiting.take(COMMAND_HEADER_LENGTH);
  const payload = waiting.take(length - COMMAND_HEADER_LENGTH);
  const found = payload.reduce((sum, piece) => crc32c(piece, sum), ofHeader);
  if (found !== crc) {
    const problem = `CRC of ${labelOf(type, version)} is ${hex(found)}, its header says ${hex(crc)}`;
    throw new SendStreamError('SEND_STREAM_CRC_MISMATCH', offset, problem, {
      hint: 'Get the stream again: it was damaged.',
    });
  }
  const attributes = readAttributes(new Cursor(payload, offset + COMMAND_HEADER_LENGTH), version);
  return decodeCommand({ type, offset, length, attributes }, version);
}

const ZERO_CRC = new Uint8Array(4);

function labelOf(type: number, version: number): string {
  return commandName(type, version) ?? `command ${type}`;
}

function hex(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}

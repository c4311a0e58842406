import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { ReceiverError } from '../error.ts';

/** An open trail. Who opens it disposes of it. */
export interface OpenTrail extends AsyncDisposable {
  /** Bytes when it was opened; what is appended later is not read. */
  readonly size: number;
  /** Its bytes from `start` on. May be asked for several times. */
  read(start?: number): AsyncIterable<Uint8Array>;
}

/**
 * Opens a trail for reading; undefined when there is none.
 * @throws ReceiverError `AUDIT_UNREADABLE`: it is no regular file, or may not be read
 */
export async function openTrail(path: string): Promise<OpenTrail | undefined> {
  try {
    // Without waiting, should somebody have put a FIFO there.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const facts = await file.stat();
    if (!facts.isFile()) {
      await file.close();
      throw new ReceiverError('AUDIT_UNREADABLE', `${path} is no regular file`);
    }
    const { size } = facts;
    return {
      size,
      // `end` is inclusive, so that nothing at all cannot be asked for.
      read: (start = 0) =>
        start < size ? file.createReadStream({ start, end: size - 1, autoClose: false }) : emptyBytes(),
      [Symbol.asyncDispose]: () => file.close(),
    };
  } catch (cause) {
    if (cause instanceof ReceiverError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ReceiverError('AUDIT_UNREADABLE', `${path} cannot be read`, { cause });
  }
}

async function* emptyBytes(): AsyncGenerator<Uint8Array> {}

import { createInterface } from 'node:readline';
import type { Ended, Running } from '@goldstream/system';
import { TestingError } from '../error.ts';

/** The serial line as programs in the machine know it. */
export const SERIAL_LINE_IN_MACHINE = '/dev/ttyS0';

/** What `serial-agent.py` is asked to run. */
export interface Request {
  readonly command: readonly string[];
  /** The whole of it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly input: string;
}

/** What comes back: the agent listens; a command is held; a command ended. */
export type Message =
  | { readonly kind: 'up' }
  | { readonly kind: 'held' }
  | { readonly kind: 'ended'; readonly ended: Ended };

/** The line between a test and a machine, which is the machine's only connection. */
export interface SerialLine {
  send(request: Request): void;
  /** @throws TestingError `TESTING_HOST_FAILED` when the machine is gone, because of what its console says */
  next(): Promise<Message>;
}

/** The line of a machine whose kernel has it on its standard streams. */
export function serialLineOf({ stdin, stdout, ended }: Running): SerialLine {
  if (stdin === undefined || stdout === undefined) throw new RangeError('expected a child with two pipes');
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return {
    send: (request) => void stdin.write(`${JSON.stringify(request)}\n`),
    next: async () => {
      const { done, value } = await lines.next();
      if (done === true) {
        const cause: unknown = await ended.catch((error: unknown) => error);
        throw new TestingError('TESTING_HOST_FAILED', 'the machine is gone', { cause });
      }
      // Written by our own agent.
      return JSON.parse(value) as Message;
    },
  };
}

import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  type Command,
  type Ended,
  type Runner,
  type RunOptions,
  type SpawnOptions,
  SystemError,
} from '@goldstream/system';
import { TestingError } from './error.ts';

/** What a program says when it is asked: stdout alone, the whole ending, or an error to reject with. */
export type Answer = string | Partial<Ended> | Error;

/** Answers by the beginning of the command, its words joined by one space; the longest that fits is taken. */
export type Answers = Readonly<Record<string, Answer | ((command: Command) => Answer)>>;

/** One command as it was asked for. */
export interface Recorded {
  readonly command: Command;
  readonly options: RunOptions | SpawnOptions;
  /** What was written to the stdin of a spawned child, once that ended. */
  readonly written?: Promise<Buffer>;
}

/** A runner that starts nothing: it writes down what it was asked and answers from a table. */
export interface RecordingRunner extends Runner {
  readonly recorded: readonly Recorded[];
  /** The recorded commands, each as one line, for `toEqual`. */
  readonly lines: readonly string[];
}

/**
 * For unit tests of what calls programs. Exit codes behave as with the real runner: one that is neither 0 nor
 * accepted rejects with `TOOL_FAILED`. A command without an answer rejects with `TESTING_UNEXPECTED_COMMAND`.
 *
 * @example
 * const runner = recordingRunner({ 'btrfs --version': 'btrfs-progs v6.2\n', 'btrfs subvolume': { exitCode: 1 } });
 * await createSubvolume(runner, '/pool/golden');
 * expect(runner.lines).toEqual(['btrfs subvolume create /pool/golden']);
 */
export function recordingRunner(answers: Answers = {}): RecordingRunner {
  const recorded: Recorded[] = [];
  const run: Runner['run'] = async (command, options = {}) => {
    recorded.push({ command, options });
    return endingOf(command, answerTo(command, answers), options.accept);
  };
  return {
    recorded,
    get lines() {
      return recorded.map(({ command }) => command.join(' '));
    },
    run,
    capture: async (command, options) => (await run(command, options)).stdout,
    spawn(command, options = {}) {
      const stdin = new PassThrough();
      recorded.push({ command, options, ...(options.stdin === 'pipe' ? { written: buffer(stdin) } : {}) });
      const ending = (async () => endingOf(command, answerTo(command, answers)))();
      const ended = ending.then(() => {});
      ended.catch(() => {});
      return {
        pid: 1,
        stdin: options.stdin === 'pipe' ? stdin : undefined,
        stdout: options.stdout === 'pipe' ? Readable.from(outputOf(ending), { objectMode: false }) : undefined,
        ended,
        kill: () => false,
      };
    },
  };
}

function answerTo(command: Command, answers: Answers): Answer {
  const line = command.join(' ');
  const [beginning] = Object.keys(answers)
    .filter((key) => line === key || line.startsWith(`${key} `))
    .sort((a, b) => b.length - a.length);
  const answer = beginning === undefined ? undefined : answers[beginning];
  if (answer === undefined) throw new TestingError('TESTING_UNEXPECTED_COMMAND', `no answer for: ${line}`);
  return typeof answer === 'function' ? answer(command) : answer;
}

function endingOf(command: Command, answer: Answer, accept: readonly number[] = []): Ended {
  if (answer instanceof Error) throw answer;
  const { exitCode = 0, stdout = '', stderr = '' } = typeof answer === 'string' ? { stdout: answer } : answer;
  if (exitCode !== 0 && !accept.includes(exitCode)) {
    throw new SystemError('TOOL_FAILED', `${command.join(' ')} ended with ${exitCode}: ${stderr.trim()}`);
  }
  return { exitCode, stdout, stderr };
}

/** Like a program that fails without a word: its stdout ends, and `ended` tells why. */
async function* outputOf(ending: Promise<Ended>): AsyncGenerator<Buffer> {
  const { stdout } = await ending.catch(() => ({ stdout: '' }));
  if (stdout !== '') yield Buffer.from(stdout);
}

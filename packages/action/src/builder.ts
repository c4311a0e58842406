import { closeSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Belongings, builderProgram } from '@goldstream/builder';
import { type ErrorDocument, type Io, runProgram } from '@goldstream/cli';
import { ActionError } from './error.ts';
import type { Inputs } from './inputs.ts';

/** How the builder is run here. */
export interface BuilderSetting extends Pick<Inputs, 'recipe' | 'signingKey' | 'passphrase'> {
  /** The builder's paths lie below it. */
  readonly root: string;
  /** Memory-backed directory for what must not be on a disk. */
  readonly memory: string;
  /** The environment that the builder sees. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** A line of the story. */
  say(text: string): void;
  /** Hears why a command failed, before it is thrown. */
  onFailure(failure: ErrorDocument['error']): void;
}

/**
 * Runs commands of goldstream-builder in this process, as people type them, the signing key coming on its standard
 * input and the passphrase on a descriptor.
 */
export class Builder {
  readonly #setting: BuilderSetting;

  constructor(setting: BuilderSetting) {
    this.#setting = setting;
  }

  /** @returns what the command prints with `--json` @throws ActionError `ACTION_BUILDER_FAILED` */
  async run(...args: readonly string[]): Promise<unknown> {
    const { root, recipe, signal, say, onFailure } = this.#setting;
    const printed: string[] = [];
    const io: Io = {
      out: (text) => void printed.push(text),
      err: say,
      columns: undefined,
      signal,
      now: () => performance.now(),
    };
    const code = await this.#withPassphrase(async (passphrase) => {
      await using belongings = new Belongings();
      const program = builderProgram({ ...this.#surroundings(), belongings });
      const common = ['--root', root, '--recipe', recipe, '--signing-key', '-', ...passphrase, '--json'];
      // Awaited here: what was opened for the command, keys among it, is given back when it has ended, not before.
      return await runProgram(program, [...common, ...args], io);
    });
    const answer: unknown = JSON.parse(printed.join(''));
    if (code === 0) return answer;
    // What every failure prints with --json.
    onFailure((answer as ErrorDocument).error);
    throw new ActionError('ACTION_BUILDER_FAILED', `goldstream-builder ${args.join(' ')} ended with ${code}`);
  }

  #surroundings() {
    const { environment, signingKey } = this.#setting;
    const nothing = () => {
      throw new Error('a command of the action writes no bytes to standard output');
    };
    return {
      environment,
      streams: {
        input: Readable.from([Buffer.from(`${signingKey}\n`)]),
        outputIsTerminal: false,
        write: nothing,
        send: nothing,
      },
    };
  }

  /** The passphrase lies in a file without a name, in memory, while it may be read. */
  async #withPassphrase<T>(use: (words: readonly string[]) => Promise<T>): Promise<T> {
    const { passphrase, memory } = this.#setting;
    if (passphrase === undefined) return use([]);
    const path = join(memory, `goldstream-${process.pid}`);
    writeFileSync(path, passphrase, { mode: 0o600, flag: 'wx' });
    const descriptor = openSync(path, 'r');
    unlinkSync(path);
    try {
      return await use(['--passphrase-fd', String(descriptor)]);
    } finally {
      closeSync(descriptor);
    }
  }
}

import type { Readable } from 'node:stream';
import type { CommandIo } from '@goldstream/cli';
import type { GpgHome, Runner } from '@goldstream/system';
import type { Belongings } from './belongings.ts';
import type { Layout } from './layout.ts';
import type { Recipe } from './recipe/read-recipe.ts';

/** The standard streams of the commands that move bytes instead of text. */
export interface ByteStreams {
  /** Who reads it destroys it in the end: whoever still holds its other end is not waited for. */
  readonly input: Readable;
  /** Whether what is written would be seen by a person. */
  readonly outputIsTerminal: boolean;
  write(bytes: Uint8Array): void;
  /** Writes as fast as they are read; a reader that goes away has seen enough. */
  send(bytes: AsyncIterable<Uint8Array>): Promise<void>;
}

/** What every command of the builder works with. */
export interface Tools {
  readonly runner: Runner;
  readonly io: CommandIo;
  readonly streams: ByteStreams;
  readonly belongings: Belongings;
  /** Paths of the application, which `--app` or the recipe names. Throws as `recipe` does. */
  readonly layout: Layout;
  /** golden.yaml, read when it is asked for. */
  readonly recipe: Recipe;
  /**
   * Where the keys are that sign: those of `--signing-key`, else the caller's home, else ours in the pool.
   * @throws errors of reading and importing what `--signing-key` names
   */
  gpgHome(): Promise<GpgHome>;
  /** Whether `--signing-key` was used: then those keys sign, and no others. */
  readonly keysAreGiven: boolean;
  /** When this release is made: `SOURCE_DATE_EPOCH`, else now. */
  now(): Date;
  /** The time of day, for what expires. */
  clock(): Date;
}

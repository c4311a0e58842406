import type { Readable } from 'node:stream';
import type { CommandIo } from '@goldstream/cli';
import type { Runner, Systemctl } from '@goldstream/system';
import type { Config } from './config.ts';
import type { Layout } from './layout.ts';

/** What every command of the receiver works with. */
export interface Tools {
  readonly runner: Runner;
  readonly layout: Layout;
  readonly config: Config;
  readonly systemctl: Systemctl;
  readonly io: CommandIo;
  /** Standard input. Who asks for it destroys it in the end. */
  input(): Readable;
  /** The wall clock, for records. */
  now(): Date;
}

import type { CommandIo } from './io.ts';

/** One run of one command. */
export interface Session {
  /** stdout. */
  out(text: string): void;
  /** The result is wanted as JSON. */
  readonly json: boolean;
  readonly io: CommandIo;
}

import type { Readable } from 'node:stream';
import type { CommandIo } from '@goldstream/cli';
import type { Store } from '@goldstream/store';
import type { Runner, SystemBus, Systemctl } from '@goldstream/system';
import type { AuditSession } from '../audit/audit-session.ts';
import type { TrustSession } from '../trust/trust-session.ts';
import type { Config } from './config.ts';
import type { Layout } from './layout.ts';

/** What every command of the receiver works with. */
export interface Tools {
  readonly runner: Runner;
  readonly layout: Layout;
  readonly config: Config;
  readonly systemctl: Systemctl;
  readonly systemBus: SystemBus;
  readonly io: CommandIo;
  /** What this run has asked about keys and channels. */
  readonly trust: TrustSession;
  /** What this run records of itself. */
  readonly audit: AuditSession;
  /** The store that a URL names, spoken to as the configuration says. */
  openStore(url: string): Store;
  /** How long another command may hold the lock before this one refuses. Seconds. */
  readonly patience: number;
  /** Standard input. Who asks for it destroys it in the end. */
  input(): Readable;
  /** The wall clock, for records. */
  now(): Date;
}

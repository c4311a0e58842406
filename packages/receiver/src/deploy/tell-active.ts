import type { Version } from '@goldstream/release';
import { ReceiverError } from '../error.ts';
import { gatherHost } from '../host/facts.ts';
import { numberName } from '../host/layout.ts';
import type { Tools } from '../host/tools.ts';

/** What runs now. */
export interface ActiveNow {
  readonly version: Version;
  readonly deployment: number;
  /** The mounted tree. */
  readonly root: string;
}

/** Looks what runs after a command that changed it. */
export async function tellActive({ layout }: Tools): Promise<ActiveNow> {
  const { active } = await gatherHost(layout);
  if (active === undefined) throw new ReceiverError('DEPLOY_NOTHING_ACTIVE', `${layout.current} names no deployment`);
  return { version: active.version, deployment: active.number, root: layout.deployment(active.number).root };
}

/** One line for people. */
export function renderActive({ version, deployment, root }: ActiveNow): string {
  return `${version} is active as deployment ${numberName(deployment)}, mounted at ${root}\n`;
}

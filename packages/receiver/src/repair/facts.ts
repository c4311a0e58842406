import { readdir } from 'node:fs/promises';
import type { Version } from '@goldstream/release';
import { ReceiverError } from '../error.ts';
import { gatherHost, type HostFacts } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { gatherAbsent, type ReceiveFacts } from '../receive/facts.ts';
import type { Sources } from '../receive/find-release.ts';
import type { ReceivedVersion } from '../state/records.ts';
import type { Check } from '../verify/check.ts';
import { checkVersion } from '../verify/check-version.ts';
import { type DamagedName, parseDamagedName } from './damaged-name.ts';

/** What is known before a version is repaired. */
export interface RepairFacts {
  readonly host: HostFacts;
  readonly record: ReceivedVersion;
  /** What `verify --deep` found wrong with it. */
  readonly wrong: readonly Check[];
  /** For receiving it in full once more; undefined when nothing is wrong. */
  readonly receive: ReceiveFacts | undefined;
  /** Copies of it that were set aside before. */
  readonly damaged: readonly DamagedName[];
}

/**
 * Reads every byte of a version, and looks for its release where something is wrong. Changes nothing.
 * @throws ReceiverError `DEPLOY_NO_SUCH_VERSION`
 */
export async function gatherRepair(tools: Tools, version: Version, sources: Sources): Promise<RepairFacts> {
  const { layout } = tools;
  const host = await gatherHost(layout);
  const record = host.records.get(version);
  if (record === undefined) {
    throw new ReceiverError('DEPLOY_NO_SUCH_VERSION', `${version} was not received on this host`, {
      hint: `Receive it: goldstream-receiver receive ${version}`,
    });
  }
  const wrong = (await checkVersion(tools, record, true)).checks.filter(({ acceptable }) => !acceptable);
  const names = await readdir(layout.deploy);
  return {
    host,
    record,
    wrong,
    // The full stream: what an incremental one shares with its parent may be what is damaged.
    receive: wrong.length === 0 ? undefined : { ...(await gatherAbsent(tools, host, version, sources)), parents: [] },
    damaged: names.flatMap((name) => parseDamagedName(name) ?? []).filter((copy) => copy.version === version),
  };
}

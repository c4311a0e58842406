import { compareVersions, type Version } from '@goldstream/release';
import { ReceiverError } from '../error.ts';
import { gatherHost, type HostFacts } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { demandPrepared } from '../prepare/demand-ready.ts';
import type { ReceivedVersion } from '../state/records.ts';
import type { Verification } from './check.ts';
import { checkDeployment } from './check-deployment.ts';
import { checkVersion } from './check-version.ts';
import { noteChecks } from './note-checks.ts';

/** What is verified, and how thoroughly. */
export interface VerifyWish {
  /** Only this version, and the active deployment if it is one of it. Default: everything that is here. */
  readonly version: Version | undefined;
  /** Read every byte and compare the content digests. */
  readonly deep: boolean;
}

/**
 * Compares the host with what was recorded when versions were received and deployed. Changes nothing but the note of how each
 * version was verified.
 * @throws ReceiverError `HOST_NOT_PREPARED`, `DEPLOY_NO_SUCH_VERSION`
 */
export async function verifyHost(tools: Tools, { version, deep }: VerifyWish): Promise<Verification> {
  await demandPrepared(tools.layout);
  const host = await gatherHost(tools.layout);
  const { active } = host;
  const concerned = active !== undefined && (version === undefined || active.version === version) ? active : undefined;
  const checks = concerned === undefined ? [] : [...(await checkDeployment(tools, host, concerned))];
  for (const record of recordsOf(host, version)) {
    const found = await checkVersion(tools, record, deep);
    await noteChecks(tools, record, found);
    checks.push(...found.checks);
  }
  return { deep, ok: checks.every(({ acceptable }) => acceptable), checks };
}

/** Newest first. A version counts by its record: whether its subvolume is there is for the check to say. */
function recordsOf({ records, layout }: HostFacts, version: Version | undefined): readonly ReceivedVersion[] {
  const received = [...records.values()].filter((record) => record.status === 'received');
  if (version === undefined) return received.toSorted((one, other) => compareVersions(other.version, one.version));
  const asked = received.filter((record) => record.version === version);
  if (asked.length > 0) return asked;
  throw new ReceiverError('DEPLOY_NO_SUCH_VERSION', `${version} was not received on this host`, {
    hint: `See goldstream-receiver list, or receive it: goldstream-receiver --app ${layout.application} receive ${version}`,
  });
}

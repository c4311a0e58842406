import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MountEntry } from '@goldstream/system';
import type { Config } from '../host/config.ts';
import type { HostFacts } from '../host/facts.ts';
import { numberName } from '../host/layout.ts';
import { mountLimits } from '../host/mount-limits.ts';
import type { Tools } from '../host/tools.ts';
import type { DeploymentRecord } from '../state/records.ts';
import { type Check, notOk, ok } from './check.ts';
import { checkPlaced } from './check-placed.ts';

/** Whether the active deployment is mounted as it should be, and everything it placed is in its place. */
export async function checkDeployment(
  { layout, config }: Tools,
  host: HostFacts,
  active: DeploymentRecord,
): Promise<readonly Check[]> {
  const subject = `deployment ${numberName(active.number)}`;
  const mount = host.mounts.get(layout.deployment(active.number).root);
  const problem = mount === undefined ? undefined : overlayProblem(mount, host, active, config);
  return [
    await checkCurrent(subject, layout.current),
    mount === undefined
      ? notOk('missing', subject, 'overlay', 'is not mounted: goldstream-receiver mount')
      : problem === undefined
        ? ok(subject, 'overlay')
        : notOk('wrong', subject, 'overlay', problem),
    ...(await Promise.all(active.placed.map((placed) => checkPlaced(layout, active, placed)))),
  ];
}

async function checkCurrent(subject: string, current: string): Promise<Check> {
  const found = await stat(join(current, 'root')).catch(() => undefined);
  if (found?.isDirectory() === true) return ok(subject, 'current');
  return notOk('missing', subject, 'current', `${current}/root does not lead to a directory`);
}

/** With any of these on, the lower layer could not be replaced under the writable one. Off, the kernel does not print them. */
const UNWANTED = /^(?:index|metacopy|nfs_export)=on$|^xino=(?:on|auto)$|^redirect_dir=(?:on|follow)$/;

function overlayProblem(
  { type, options, superOptions }: MountEntry,
  { layout }: HostFacts,
  { number, version }: DeploymentRecord,
  { allow }: Config,
): string | undefined {
  if (type !== 'overlay') return `is a mount of type ${type}, expected an overlay`;
  const { upper, work } = layout.deployment(number);
  const layers = [`lowerdir=${layout.version(version)}`, `upperdir=${upper}`, `workdir=${work}`];
  const missing = layers.find((layer) => !superOptions.includes(layer));
  if (missing !== undefined) {
    const [key = ''] = missing.split('=');
    const found = superOptions.find((option) => option.startsWith(`${key}=`)) ?? `no ${key}`;
    return `has ${found}, expected ${missing}`;
  }
  const unwanted = superOptions.find((option) => UNWANTED.test(option));
  if (unwanted !== undefined) return `is mounted with ${unwanted}`;
  const lacking = mountLimits(allow).filter((option) => !options.includes(option));
  return lacking.length === 0 ? undefined : `is mounted without ${lacking.join(', ')}`;
}

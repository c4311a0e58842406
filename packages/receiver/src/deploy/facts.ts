import type { Version } from '@goldstream/release';
import { type ProcessOnMount, processesOn } from '@goldstream/system';
import { gatherHost, type HostFacts } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { gatherSystem } from '../integrate/gather-system.ts';
import type { InstalledComponent } from '../integrate/installed-component.ts';
import { readComponents } from '../integrate/read-components.ts';
import { deploymentSite } from '../integrate/site.ts';
import { NOTHING_BEFORE, type Previous, type SystemFacts } from '../integrate/system-facts.ts';

/** What is known before a received version becomes active. */
export interface DeployFacts {
  readonly host: HostFacts;
  readonly version: Version;
  readonly components: readonly InstalledComponent[];
  readonly system: SystemFacts;
  readonly previous: Previous;
  /**
   * Processes that use the active deployment's mount. Looked for only where systemd runs and can be asked to stop them;
   * elsewhere a writer is found when the mount cannot be made read-only.
   */
  readonly holders: readonly ProcessOnMount[];
  /** Whether the host's configuration lets set-uid programs work. */
  readonly allowSuid: boolean;
  readonly now: Date;
}

/**
 * Looks at a received version and at everything it will touch. Changes nothing.
 * @param seen the host's facts, when they were gathered under the same lock a moment ago
 */
export async function gatherDeploy(tools: Tools, version: Version, seen?: HostFacts): Promise<DeployFacts> {
  const { layout } = tools;
  const [host, components] = await Promise.all([seen ?? gatherHost(layout), readComponents(layout.version(version))]);
  const previous = await previousOf(tools, host);
  const [system, holders] = await Promise.all([
    gatherSystem(tools, deploymentSite(layout), components, previous),
    host.active === undefined || !tools.systemctl.live ? [] : processesOn(layout.deployment(host.active.number).root),
  ]);
  return { host, version, components, system, previous, holders, allowSuid: tools.config.allow.suid, now: tools.now() };
}

/** What is integrated: what the active deployment placed. */
async function previousOf({ layout }: Tools, { active }: HostFacts): Promise<Previous> {
  if (active === undefined) return NOTHING_BEFORE;
  const components = await readComponents(layout.version(active.version)).catch(() => []);
  return { placed: active.placed, enabled: active.enabled, disabled: active.disabled, components };
}

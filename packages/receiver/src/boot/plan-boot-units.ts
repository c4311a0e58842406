import { ReceiverError } from '../error.ts';
import type { Layout } from '../host/layout.ts';
import type { PrepareStep } from '../prepare/plan-prepare.ts';
import { mountService } from './boot-units.ts';
import type { BootFacts } from './facts.ts';

/**
 * Decides how the boot units get in place: written where they are missing or not current, enabled, and the mounting one
 * started, so that services which require it never start it in the middle of a deployment. Nothing when all is so.
 * @throws ReceiverError `PREPARE_NO_PROGRAM` when the units of this host would run something that is not there
 */
export function planBootUnits(
  { root, application }: Layout,
  { files, enabled, mountActive, missing }: BootFacts,
): { readonly steps: readonly PrepareStep[]; readonly notes: readonly string[] } {
  if (root === '/' && missing.length > 0) {
    throw new ReceiverError(
      'PREPARE_NO_PROGRAM',
      `units cannot run this program at boot: no ${missing.join(', no ')}`,
      {
        hint: 'Start goldstream-receiver by its installed path.',
      },
    );
  }
  const stale = files.filter(({ content, found }) => content !== found);
  const disabled = [...enabled].filter(([, state]) => stale.length > 0 || state !== 'enabled').map(([unit]) => unit);
  const mount = mountService(application);
  return {
    steps: [
      ...stale.map(({ name, path, content, found }) => ({
        kind: 'write-file' as const,
        says: `write ${name}${found === undefined ? '' : ' anew'}, for every boot`,
        path,
        content,
        mode: 0o644,
      })),
      ...disabled.map((unit) => ({ kind: 'enable-unit' as const, says: `enable ${unit}`, unit })),
      ...(mountActive ? [] : [{ kind: 'start-unit' as const, says: `start ${mount}`, unit: mount }]),
    ],
    notes: missing.map((path) => `${path}, which the units run at boot, is not in ${root} yet: install it there`),
  };
}

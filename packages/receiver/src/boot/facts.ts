import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tools } from '../host/tools.ts';
import { mountService, recoverService } from './boot-units.ts';
import { ownProgram } from './own-program.ts';
import { renderBootUnits, type UnitFile } from './render-boot-unit.ts';

/** What is there of the units that run the receiver at boot. */
export interface BootFacts {
  /** Both unit files as they should be, and what is there instead; undefined: nothing. */
  readonly files: readonly (UnitFile & { readonly path: string; readonly found: string | undefined })[];
  /** Of both instances, what {@link Systemctl.enabledStates} says. */
  readonly enabled: ReadonlyMap<string, string>;
  /** Whether services that wait for the mount find it up; of no matter where no systemd runs. */
  readonly mountActive: boolean;
  /** Paths of the program that do not exist on that host. */
  readonly missing: readonly string[];
}

/** Where an administrator's units are: systemd.unit(5). */
const UNIT_DIRECTORY = 'etc/systemd/system';

/** Looks at the units. Changes nothing. */
export async function gatherBoot({ layout, systemctl }: Pick<Tools, 'layout' | 'systemctl'>): Promise<BootFacts> {
  const { root, application } = layout;
  const program = ownProgram(process);
  const [mount, recover] = [mountService(application), recoverService(application)];
  const [files, enabled, active, missing] = await Promise.all([
    Promise.all(renderBootUnits(program).map((file) => lookAt(file, join(root, UNIT_DIRECTORY, file.name)))),
    systemctl.enabledStates([mount, recover]),
    systemctl.activeStates([mount]),
    missingOf(root, program),
  ]);
  return { files, enabled, mountActive: !systemctl.live || active.get(mount) === 'active', missing };
}

/** The absolute paths among a program's words that do not exist below `root`. */
export async function missingOf(root: string, program: readonly string[]): Promise<readonly string[]> {
  const paths = program.filter((word) => word.startsWith('/'));
  const there = await Promise.all(
    paths.map((path) =>
      access(join(root, path)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_, index) => !there[index]);
}

async function lookAt(file: UnitFile, path: string) {
  const found = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return { ...file, path, found };
}

import { chmod, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/**
 * Makes a directory in `directory` with a link to every program on `PATH` but `missing`, and gives it back: as the
 * value of `PATH` it is this machine without those programs.
 */
export async function pathWithout(directory: string, ...missing: string[]): Promise<string> {
  const path = await mkdtemp(join(directory, 'path-'));
  const linked = new Set(missing);
  for (const folder of (process.env['PATH'] ?? '').split(':')) {
    for (const program of await readdir(folder).catch(() => [])) {
      if (linked.has(program)) continue;
      linked.add(program);
      await symlink(resolve(folder, program), join(path, program));
    }
  }
  return path;
}

/**
 * Puts a program `name` in `directory` that prints `says` and ends with 0, whatever it is asked; in a directory of
 * {@link pathWithout} it takes the place of the real one.
 */
export async function fakeTool(directory: string, name: string, says: string): Promise<void> {
  const file = join(directory, name);
  // Removed first: writing to a link would overwrite the real program.
  await rm(file, { force: true });
  await writeFile(file, `#!/bin/sh\nprintf '%s\\n' '${says.replaceAll("'", `'\\''`)}'\n`, { flag: 'wx' });
  await chmod(file, 0o755);
}

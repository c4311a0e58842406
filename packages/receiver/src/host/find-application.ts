import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isApplicationName } from '@goldstream/release';
import { ReceiverError } from '../error.ts';

/**
 * Which application is meant: the one named, else the only one configured in `/etc/goldstream`.
 * @throws ReceiverError `HOST_NO_APPLICATION`
 */
export async function findApplication(root: string, named: string | undefined): Promise<string> {
  if (named !== undefined) {
    if (isApplicationName(named)) return named;
    throw new ReceiverError(
      'HOST_NO_APPLICATION',
      `“${named}” is no application name: lower-case letters, digits and single dashes`,
    );
  }
  const directory = join(root, 'etc/goldstream');
  const files = await readdir(directory).catch(() => []);
  const [only, ...others] = files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    // Paths are made of it; an editor's `.#app.yaml` is none.
    .filter(isApplicationName);
  if (only !== undefined && others.length === 0) return only;
  const found = only === undefined ? 'no application is' : `${[only, ...others].join(', ')} are`;
  throw new ReceiverError('HOST_NO_APPLICATION', `${found} configured in ${directory}`, {
    hint: 'Say which one with --app NAME.',
  });
}

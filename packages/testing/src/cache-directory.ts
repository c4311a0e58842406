import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** Used when nobody has a home, as in a bare container. */
const SYSTEM_CACHE = '/var/cache/goldstream';

/**
 * Where things that are slow to make are kept between test runs: `$GOLDSTREAM_CACHE`, else `goldstream` in
 * `$XDG_CACHE_HOME` or `~/.cache`, else `/var/cache/goldstream`. Nothing is created.
 */
export async function cacheDirectory(environment: Readonly<NodeJS.ProcessEnv> = process.env): Promise<string> {
  const { GOLDSTREAM_CACHE: chosen, XDG_CACHE_HOME: xdg, HOME: home } = environment;
  if (chosen) return chosen;
  if (xdg) return join(xdg, 'goldstream');
  return home && (await isWritable(home)) ? join(home, '.cache', 'goldstream') : SYSTEM_CACHE;
}

async function isWritable(directory: string): Promise<boolean> {
  return access(directory, constants.W_OK).then(
    () => true,
    () => false,
  );
}

import { describe, expect } from 'vitest';
import { cacheDirectory } from './cache-directory.ts';
import { directoryTest } from './fixtures.ts';

describe('cacheDirectory', () => {
  directoryTest('is the one that was chosen, then XDG’s, then below the home', async ({ temporaryDirectory: home }) => {
    const chosen = { GOLDSTREAM_CACHE: '/c', XDG_CACHE_HOME: '/x', HOME: home };
    expect(await cacheDirectory(chosen)).toBe('/c');
    expect(await cacheDirectory({ ...chosen, GOLDSTREAM_CACHE: '' })).toBe('/x/goldstream');
    expect(await cacheDirectory({ HOME: home })).toBe(`${home}/.cache/goldstream`);
  });

  directoryTest('is the system’s when there is no home', async () => {
    expect(await cacheDirectory({})).toBe('/var/cache/goldstream');
    expect(await cacheDirectory({ HOME: '/nonexistent' })).toBe('/var/cache/goldstream');
  });
});

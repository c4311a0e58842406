import { describe, expect, it } from 'vitest';
import { type ReleaseWish, release } from './release.ts';

const STORE = 'github:octo/app';
const WISH: ReleaseWish = { version: 'v1.3.0', channel: undefined, draft: false, dryRun: false };

describe('the commands of a release', () => {
  it('go from an empty pool to a published version, on what was released before', async () => {
    expect(await commandsOf({})).toEqual([
      'init',
      'rehydrate --before v1.3.0 --from github:octo/app',
      'golden update',
      'snapshot v1.3.0',
      'release v1.3.0 --to github:octo/app',
    ]);
  });

  it('set the channel last', async () => {
    expect((await commandsOf({ channel: 'stable' })).at(-1)).toBe('channel set stable v1.3.0 --to github:octo/app');
  });

  it('build nothing anew of a version that an earlier run has published, and set the channel', async () => {
    expect(await commandsOf({ channel: 'stable' }, ['v1.2.0', 'v1.3.0'])).toEqual([
      'init',
      'rehydrate --before v1.3.0 --from github:octo/app',
      'rehydrate v1.3.0 --from github:octo/app',
      'release v1.3.0 --to github:octo/app',
      'channel set stable v1.3.0 --to github:octo/app',
    ]);
  });

  it('leave the channel alone for a draft, which nobody can get', async () => {
    expect((await commandsOf({ channel: 'stable', draft: true })).at(-1)).toBe(
      'release v1.3.0 --to github:octo/app --draft',
    );
  });

  it('only plan the last step of a dry run', async () => {
    expect((await commandsOf({ channel: 'stable', dryRun: true })).at(-1)).toBe(
      'release v1.3.0 --to github:octo/app --dry-run',
    );
  });
});

async function commandsOf(wish: Partial<ReleaseWish>, releases: readonly string[] = []): Promise<readonly string[]> {
  const commands: string[] = [];
  const run = async (...args: readonly string[]) => {
    commands.push(args.join(' '));
    return { result: { releases, version: 'v1.3.0', manifestSha256: 'ab', streams: [], deltas: [] } };
  };
  await release({ run }, STORE, { ...WISH, ...wish });
  return commands;
}

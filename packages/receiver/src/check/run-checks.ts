import { access, readFile } from 'node:fs/promises';
import { type Category, CodedError } from '@goldstream/errors';
import { demandBtrfs, demandRoot, demandTools, type RequiredTool } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { demandPrepared } from '../prepare/demand-ready.ts';
import { storeOf } from '../receive/find-release.ts';
import { believe } from '../trust/belief.ts';
import { operatorKeyring } from '../trust/held-keys.ts';
import { checkBoot } from './check-boot.ts';
import { checkPolicy } from './check-policy.ts';
import { checkSpace } from './check-space.ts';

/** One thing that was looked at before a deployment. */
export interface Check {
  readonly name: string;
  readonly verdict: 'ok' | 'warn' | 'fail';
  /** What was found. */
  readonly found: string;
  /** Of the failure; another class of trouble is another exit code. */
  readonly category?: Category | undefined;
  /** What mends it. */
  readonly hint?: string | undefined;
}

/** Looks at everything a deployment needs, before one is tried. Changes nothing, and goes on after a failure. */
export async function runChecks(tools: Tools): Promise<readonly Check[]> {
  const { runner, layout, config } = tools;
  return Promise.all([
    check('rights', async () => {
      demandRoot();
      return 'root';
    }),
    ...(['btrfs', 'zstd', 'gpg', 'gpgv'] as const).map((tool: RequiredTool) =>
      check(tool, async () => `version ${(await demandTools(runner, [tool])).get(tool)}`),
    ),
    check('overlay', async () => {
      const known = await readFile('/proc/filesystems', 'utf8');
      return /\toverlay$/m.test(known) ? 'the kernel knows it' : warn('not loaded yet', 'modprobe overlay');
    }),
    check('pool', async () => {
      await demandPrepared(layout);
      await demandBtrfs(layout.deploy);
      return `${layout.pool} is on Btrfs`;
    }),
    check('space', () => checkSpace(tools)),
    check('boot', () => checkBoot(tools)),
    check('keyring', async () => {
      const keyring = operatorKeyring(tools);
      await access(keyring).catch(() => fail(`${keyring} is missing`, 'Run goldstream-receiver prepare --key FILE'));
      return keyring;
    }),
    check('store', async () => {
      if (config.store === undefined) fail('none is configured', `Write store: dir:/PATH into ${layout.config}`);
      if (config.channel !== undefined) {
        const { channel } = await believe(tools, storeOf(tools));
        return `${config.store}, channel ${config.channel} is at ${channel?.channel.current}`;
      }
      const versions = await storeOf(tools).listVersions();
      return versions.length === 0
        ? warn(`${config.store} has no release yet`)
        : `${config.store}, newest is ${versions.at(-1)}`;
    }),
    check('policy', () => checkPolicy(tools)),
  ]);

  function warn(found: string, hint?: string): Omit<Check, 'name'> {
    return { verdict: 'warn', found, hint };
  }
}

class Failure extends Error {
  readonly hint: string;

  constructor(found: string, hint: string) {
    super(found);
    this.hint = hint;
  }
}

function fail(found: string, hint: string): never {
  throw new Failure(found, hint);
}

async function check(name: string, look: () => Promise<string | Omit<Check, 'name'>>): Promise<Check> {
  try {
    const seen = await look();
    return { name, ...(typeof seen === 'string' ? { verdict: 'ok', found: seen } : seen) };
  } catch (error) {
    if (!(error instanceof CodedError) && !(error instanceof Failure)) throw error;
    const category = error instanceof CodedError ? error.category : undefined;
    return { name, verdict: 'fail', found: error.message, category, hint: error.hint };
  }
}

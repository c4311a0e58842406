import { SystemError } from '../error.ts';
import type { Runner } from '../runner.ts';

/** A program that must be there, from some version on. */
interface Requirement {
  readonly command: readonly [string, ...string[]];
  readonly version: RegExp;
  readonly atLeast: string;
  readonly package: string;
}

const REQUIREMENTS = {
  // 5.14.2 keeps the received UUID safe when `ro` is set; Debian 12 has 6.2.
  btrfs: {
    command: ['btrfs', '--version'],
    version: /btrfs-progs v(\d+(?:\.\d+)*)/,
    atLeast: '5.14',
    package: 'btrfs-progs',
  },
  zstd: { command: ['zstd', '--version'], version: /v(\d+(?:\.\d+)*)/, atLeast: '1.4', package: 'zstd' },
  gpg: { command: ['gpg', '--version'], version: /gpg \(GnuPG\) (\d+(?:\.\d+)*)/, atLeast: '2.2', package: 'gnupg' },
  gpgv: { command: ['gpgv', '--version'], version: /gpgv \(GnuPG\) (\d+(?:\.\d+)*)/, atLeast: '2.2', package: 'gpgv' },
} as const satisfies Record<string, Requirement>;

/** A program whose version matters. */
export type RequiredTool = keyof typeof REQUIREMENTS;

/**
 * Refuses to go on with a program that is missing (`TOOL_MISSING`) or too old (`TOOL_TOO_OLD`).
 * @returns the version found of each
 */
export async function demandTools(
  runner: Runner,
  tools: readonly RequiredTool[],
): Promise<ReadonlyMap<RequiredTool, string>> {
  return new Map(await Promise.all(tools.map(async (tool) => [tool, await demandTool(runner, tool)] as const)));
}

async function demandTool(runner: Runner, tool: RequiredTool): Promise<string> {
  const { command, version, atLeast, package: from } = REQUIREMENTS[tool];
  const said = await runner.capture([...command]);
  const found = version.exec(said)?.[1];
  if (found === undefined || isOlder(found, atLeast)) {
    throw new SystemError(
      'TOOL_TOO_OLD',
      `${tool} is version ${found ?? `“${said.trim().slice(0, 60)}”`}, needed is ${atLeast} or newer`,
      {
        hint: `Upgrade it: apt-get install ${from}`,
      },
    );
  }
  return found;
}

function isOlder(found: string, atLeast: string): boolean {
  const [have, want] = [found, atLeast].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (const [index, wanted] of want.entries()) {
    const had = have[index] ?? 0;
    if (had !== wanted) return had < wanted;
  }
  return false;
}

/** Refuses to go on without root's rights: mounts, subvolumes and `btrfs receive` need them. */
export function demandRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new SystemError('SYSTEM_NOT_ROOT', `this needs root, you are user ${process.getuid?.() ?? 'unknown'}`, {
    hint: 'Run it with sudo.',
  });
}

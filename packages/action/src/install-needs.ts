import { demandTools, type Runner, SystemError } from '@goldstream/system';

/** What the builder runs, as Debian and Ubuntu name the packages. */
const PACKAGES = ['btrfs-progs', 'zstd', 'gpg', 'gpg-agent', 'gpgv'];

/** Installs what the builder needs where something of it is missing. @throws SystemError `TOOL_FAILED`, `TOOL_TOO_OLD` */
export async function installNeeds(runner: Runner, say: (line: string) => void): Promise<void> {
  try {
    await demandTools(runner, ['btrfs', 'zstd', 'gpg', 'gpgv']);
  } catch (error) {
    if (!(error instanceof SystemError) || error.code !== 'TOOL_MISSING') throw error;
    say(`${error.message}; installing ${PACKAGES.join(', ')}`);
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await runner.run(['apt-get', 'update', '--quiet'], { env });
    await runner.run(['apt-get', 'install', '--yes', '--no-install-recommends', ...PACKAGES], { env });
  }
}

import { recordingRunner } from '@goldstream/testing';
import { describe, expect, it } from 'vitest';
import { SystemError } from '../error.ts';
import { demandTools } from './requirements.ts';

/** As Debian 12's programs answer. */
const DEBIAN_12 = {
  'btrfs --version': 'btrfs-progs v6.2 \n',
  'zstd --version': '*** Zstandard CLI (64-bit) v1.5.4, by Yann Collet ***\n',
  'gpg --version': 'gpg (GnuPG) 2.2.40\nlibgcrypt 1.10.1\n',
  'gpgv --version': 'gpgv (GnuPG) 2.2.40\nlibgcrypt 1.10.1\n',
};

describe('demandTools', () => {
  it('tells the version of each program', async () => {
    const found = await demandTools(recordingRunner(DEBIAN_12), ['btrfs', 'zstd', 'gpg', 'gpgv']);
    expect(Object.fromEntries(found)).toEqual({ btrfs: '6.2', zstd: '1.5.4', gpg: '2.2.40', gpgv: '2.2.40' });
  });

  it('asks only for what is needed', async () => {
    const runner = recordingRunner(DEBIAN_12);
    await demandTools(runner, ['btrfs']);
    expect(runner.lines).toEqual(['btrfs --version']);
  });

  it.each([
    ['btrfs-progs v5.14', '5.14'],
    ['btrfs-progs v5.14.2', '5.14.2'],
    ['btrfs-progs v6.17\n-EXPERIMENTAL -INJECT +STATIC\n', '6.17'],
    ['btrfs-progs v7', '7'],
    ['btrfs-progs v6.3-rc1', '6.3'],
  ])('takes “%s”', async (said, version) => {
    const found = await demandTools(recordingRunner({ 'btrfs --version': said }), ['btrfs']);
    expect(found.get('btrfs')).toBe(version);
  });

  it.each([
    ['btrfs-progs v5.9', 'version 5.9, needed is 5.14 or newer'],
    ['btrfs-progs v5.13.1', 'version 5.13.1, needed is 5.14 or newer'],
    ['btrfs-progs v4.20', 'version 4.20'],
    ['btrfs-progs v5', 'version 5,'],
    ['BusyBox v1.36', 'version “BusyBox v1.36”'],
    ['', 'version “”'],
  ])('refuses “%s” as too old, and says what it found', async (said, message) => {
    await expect(demandTools(recordingRunner({ 'btrfs --version': said }), ['btrfs'])).rejects.toMatchObject({
      code: 'TOOL_TOO_OLD',
      message: expect.stringContaining(message),
      hint: 'Upgrade it: apt-get install btrfs-progs',
    });
  });

  it('refuses a program that is missing', async () => {
    const runner = recordingRunner({ 'gpgv --version': new SystemError('TOOL_MISSING', 'gpgv is not installed') });
    await expect(demandTools(runner, ['gpgv'])).rejects.toMatchObject({ code: 'TOOL_MISSING' });
  });
});

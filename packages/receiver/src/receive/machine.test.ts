import { describe, expect, it } from 'vitest';
import { demandMachine, type MachineFacts } from './machine.ts';

const host: MachineFacts = { architecture: 'x86_64', kernel: '6.1.0-50-amd64', btrfsProgs: '6.2', receiver: '0.1.0' };
const release = { version: 'v1.3.0', architecture: 'all', requires: {} } as const;

describe('demandMachine', () => {
  it('takes a release for all machines and one for this', () => {
    demandMachine(release, host);
    demandMachine(
      { ...release, architecture: 'x86_64', requires: { kernel: '6.1', btrfsProgs: '5.14.2', receiver: '0.1.0' } },
      host,
    );
  });

  it('refuses another architecture', () => {
    expect(() => demandMachine({ ...release, architecture: 'aarch64' }, host)).toThrow(
      expect.objectContaining({
        code: 'RECEIVE_WRONG_MACHINE',
        exitCode: 3,
        message: expect.stringContaining('found x86_64'),
      }),
    );
  });

  it('names everything that is too old, numbers compared as numbers', () => {
    expect(() =>
      demandMachine({ ...release, requires: { kernel: '6.10', btrfsProgs: '6.2.1', receiver: '0.2' } }, host),
    ).toThrow(
      'v1.3.0 needs kernel 6.10 or newer (found 6.1.0-50-amd64), btrfs-progs 6.2.1 or newer (found 6.2), goldstream-receiver 0.2 or newer (found 0.1.0)',
    );
  });
});

import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { detachDevicesOf } from '../loopback-btrfs.ts';
import { CHECKOUT, CHECKOUT_IN_HOST } from '../systemd/checkout.ts';
import { rootImage } from '../systemd/root-image.ts';

/** Where the package `user-mode-linux` has the modules of its kernel. */
const MODULES = '/usr/lib/uml/modules';
const MIB = 1024 * 1024;

/** The disks of a machine, as files. */
export interface MachineDisks {
  /** An ext4 with the same system that the containers of tests have. */
  readonly root: string;
  /** A Btrfs, mounted as the pool. */
  readonly pool: string;
}

/** What the disks of a new machine are like. */
export interface NewDisks {
  /** Where the pool is mounted. */
  readonly poolAt: string;
  /** Bytes of the pool; it is sparse. Default: 512 MiB. */
  readonly poolSize?: number;
  /** Puts files into the mounted root. */
  readonly install: (root: string) => Promise<void>;
}

/** Makes the disks of a new machine in `directory`. Needs root and what {@link rootImage} says. */
export async function makeMachineDisks(
  directory: string,
  { poolAt, poolSize = 512 * MIB, install }: NewDisks,
): Promise<MachineDisks> {
  const disks = disksIn(directory);
  await writeFile(disks.pool, '');
  await truncate(disks.pool, poolSize);
  await systemRunner.capture(['mkfs.btrfs', '--quiet', disks.pool]);
  await copy(await rootImage(), disks.root);
  const mountPoint = join(directory, 'mounted');
  await mkdir(mountPoint);
  await systemRunner.run(['mount', '-t', 'ext4', '-o', 'loop', disks.root, mountPoint]);
  try {
    await installSystem(mountPoint, poolAt);
    await install(mountPoint);
  } finally {
    await systemRunner.run(['umount', mountPoint]);
    await detachDevicesOf(disks.root);
  }
  return disks;
}

/** Copies the disks of a machine that is off into another directory. */
export async function copyMachineDisks(from: MachineDisks, directory: string): Promise<MachineDisks> {
  const disks = disksIn(directory);
  await copy(from.root, disks.root);
  await copy(from.pool, disks.pool);
  return disks;
}

function disksIn(directory: string): MachineDisks {
  return { root: join(directory, 'root.ext4'), pool: join(directory, 'pool.btrfs') };
}

async function copy(from: string, to: string): Promise<void> {
  await systemRunner.run(['cp', '--reflink=auto', '--sparse=always', from, to]);
}

/** What makes a machine out of the system that containers share: its mounts, and who listens on its serial line. */
async function installSystem(root: string, poolAt: string): Promise<void> {
  // systemd would wait for a device in /dev to be announced, and nobody does that here: there is no udev.
  await mkdir(join(root, 'disks'));
  await symlink('/dev/ubdb', join(root, 'disks/pool'));
  for (const directory of [poolAt, CHECKOUT_IN_HOST, '/usr/lib/modules']) {
    await mkdir(join(root, directory), { recursive: true });
  }
  const wants = join(root, 'etc/systemd/system/multi-user.target.wants');
  await writeFile(join(root, 'etc/fstab'), fstab(poolAt));
  await writeFile(join(root, 'etc/systemd/system', AGENT), AGENT_UNIT);
  await mkdir(wants, { recursive: true });
  await symlink(`../${AGENT}`, join(wants, AGENT));
}

function fstab(poolAt: string): string {
  return [
    '/dev/ubda / ext4 defaults 0 0',
    `/disks/pool ${poolAt} btrfs noatime 0 0`,
    `none ${CHECKOUT_IN_HOST} hostfs ${CHECKOUT},ro 0 0`,
    `none /usr/lib/modules hostfs ${MODULES},ro 0 0`,
    '',
  ].join('\n');
}

const AGENT = 'serial-agent.service';
const AGENT_UNIT = `[Unit]
RequiresMountsFor=${CHECKOUT_IN_HOST}
[Service]
Type=exec
ExecStart=/usr/bin/python3 ${CHECKOUT_IN_HOST}/packages/testing/src/machine/serial-agent.py
[Install]
WantedBy=multi-user.target
`;

import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Ended, type RunOptions, systemRunner } from '@goldstream/system';
import { type LoopbackPool, withBtrfs } from '../loopback-btrfs.ts';
import { withTemporaryDirectory } from '../temporary-directory.ts';
import { CHECKOUT, CHECKOUT_IN_HOST, ENVIRONMENT } from './checkout.ts';
import type { CommandedHost } from './commanded-host.ts';
import { type BootedWhen, bootContainer, type Container } from './container.ts';
import { type OwnCgroup, withOwnCgroup } from './own-cgroup.ts';
import { rootImage } from './root-image.ts';

/** What a host of a test is like. */
export interface SystemdHostOptions {
  /** Where its Btrfs pool is mounted in it. Default: `/var/lib/op-dbus`. */
  readonly poolAt?: string;
  readonly pool?: LoopbackPool;
}

/** A machine of its own, with systemd as process 1, as far as a container goes. It is up when a test gets it. */
export interface SystemdHost extends CommandedHost {
  /** Mount point, on this machine, of the pool that the host has at `poolAt`: the whole mount is bound into it. */
  readonly pool: string;
  /** The host's root directory as this machine sees it, to put files there and to look at them. */
  readonly root: string;
  /** Runs a command in it, as root; `accept`, `input`, `env` and the errors are those of the runner. */
  run(command: readonly string[], options?: Omit<RunOptions, 'cwd' | 'descriptors'>): Promise<Ended>;
  /** Lets it start anew, in order, with the same disks. */
  reboot(): Promise<void>;
  /** Kills everything in it at once. What it wrote stays written: this is the loss of processes, not of power. */
  crash(): Promise<void>;
  /** Shuts it down in order. */
  stop(): Promise<void>;
  /** Boots it again after `crash` or `stop`, and waits until it is `running` or as far as is said. */
  boot(when?: BootedWhen): Promise<void>;
}

/**
 * Runs `use` with a host that has booted. Needs root and what {@link rootImage} says.
 *
 * Its root is an overlay of a file system that all hosts share read-only and a disk of its own, which survives its
 * reboots and not the test. Afterwards, also when `use` failed, nothing of it is left: no process, mount, loop
 * device, cgroup or file.
 */
export async function withSystemdHost<T>(
  { poolAt = '/var/lib/op-dbus', pool: poolOptions = {} }: SystemdHostOptions,
  use: (host: SystemdHost) => Promise<T>,
): Promise<T> {
  return withTemporaryDirectory((directory) =>
    withBtrfs({}, (disk) =>
      withBtrfs(poolOptions, (pool) =>
        withOwnCgroup(basename(directory), async (cgroup) => {
          const root = await mountRoot(directory, disk);
          const host = hostOf({ name: basename(directory), root, pool, poolAt, cgroup });
          try {
            await host.boot();
            return await use(host);
          } finally {
            await host.crash();
            await systemRunner.capture(['umount', root]);
          }
        }),
      ),
    ),
  );
}

/** Mounts the shared image below `directory`, and over it a layer on `disk`. */
async function mountRoot(directory: string, disk: string): Promise<string> {
  const [base, root, upper, work] = [
    join(directory, 'base'),
    join(directory, 'root'),
    join(disk, 'upper'),
    join(disk, 'work'),
  ];
  for (const each of [base, root, upper, work]) await mkdir(each);
  // Each host has a loop device of its own, so that no clean-up can meet another host's mount of the image.
  const device = (await systemRunner.capture(['losetup', '--find', '--show', '--read-only', await rootImage()])).trim();
  try {
    await systemRunner.capture(['mount', '-t', 'ext4', '-o', 'ro', device, base]);
  } finally {
    // While it is mounted this only marks it: the kernel detaches it after the last unmount.
    await systemRunner.capture(['losetup', '--detach', device]);
  }
  const layers = `lowerdir=${base},upperdir=${upper},workdir=${work}`;
  await systemRunner.capture(['mount', '-t', 'overlay', '-o', layers, 'overlay', root]);
  return root;
}

interface HostParts {
  readonly name: string;
  readonly root: string;
  readonly pool: string;
  readonly poolAt: string;
  readonly cgroup: OwnCgroup;
}

function hostOf({ name, root, pool, poolAt, cgroup }: HostParts): SystemdHost {
  const mounts = [`--bind=${pool}:${poolAt}`, `--bind-ro=${CHECKOUT}:${CHECKOUT_IN_HOST}`];
  let container: Container | undefined;
  const up = () => {
    if (container === undefined) throw new RangeError(`${name} is down: boot it first`);
    return container;
  };
  const end = async (how: (running: Container) => unknown) => {
    if (container === undefined) return;
    await how(container);
    await container.gone;
    container = undefined;
  };
  const host: SystemdHost = {
    pool,
    root,
    run: (command, options) => up().run(command, options),
    async boot(when) {
      container = await bootContainer({ name, root, cgroup, mounts, environment: ENVIRONMENT }, when);
    },
    // The command's own ending is no answer: it may be killed with everything else.
    stop: () => end((running) => running.run(['systemctl', 'poweroff']).catch(() => {})),
    crash: () => end((running) => running.kill()),
    async reboot() {
      // Where nobody else can start it again, systemd-nspawn ends and leaves that to us (exit code 133).
      await end((running) => running.run(['systemctl', 'reboot']).catch(() => {}));
      await host.boot();
    },
  };
  return host;
}

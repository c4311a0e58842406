import { chmod, lstat, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PolicyRequest, ReleaseManifest } from '@goldstream/release';
import { systemRunner as runner } from '@goldstream/system';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { receiveRelease } from '../src/index.ts';
import { type Workshop, workshopIn } from './released.ts';

const NOTHING: PolicyRequest = { setuid: [], capabilities: [], devices: [], xattrs: [] };

/** Each brings one thing that nobody gets unasked. */
const PRIVILEGES = [
  {
    what: 'a set-uid file',
    make: async (golden: string) => {
      await writeFile(join(golden, 'bin/thing'), '#!/bin/sh\n');
      await chmod(join(golden, 'bin/thing'), 0o4755);
    },
    policy: { ...NOTHING, setuid: ['bin/thing'] },
    code: 'GUARD_SET_ID_MODE',
  },
  {
    what: 'a device node',
    make: async (golden: string) => {
      await runner.run(['mknod', join(golden, 'bin/thing'), 'c', '1', '3']);
    },
    policy: { ...NOTHING, devices: ['bin/thing'] },
    code: 'GUARD_DEVICE_NODE',
  },
  {
    what: 'a file with capabilities',
    make: async (golden: string) => {
      await writeFile(join(golden, 'bin/thing'), '');
      // cap_net_raw=ep, as linux/capability.h lays it out (VFS_CAP_REVISION_2).
      const value = '0x0100000200200000000000000000000000000000';
      await runner.run(['setfattr', '-n', 'security.capability', '-v', value, join(golden, 'bin/thing')]);
    },
    policy: { ...NOTHING, capabilities: ['bin/thing'] },
    code: 'GUARD_CAPABILITY',
  },
  {
    what: 'an attribute of another namespace',
    make: async (golden: string) => {
      await writeFile(join(golden, 'bin/thing'), '');
      await runner.run(['setfattr', '-n', 'trusted.app', '-v', 'x', join(golden, 'bin/thing')]);
    },
    policy: { ...NOTHING, xattrs: ['trusted.app'] },
    code: 'GUARD_XATTR',
  },
] as const;

describe.each(PRIVILEGES)('a stream that brings $what', ({ make, policy, code }) => {
  btrfsTest('passes when just that is allowed, and is refused otherwise', async ({ btrfs }) => {
    const workshop = await workshopIn(btrfs);
    await mkdir(join(workshop.golden, 'bin'));
    await make(workshop.golden);
    const manifest = await workshop.release('v1.0.0');

    expect(await receive(workshop, manifest, 'unasked', undefined)).toMatchObject({ code, exitCode: 5 });
    const elsewhere = { ...NOTHING, setuid: ['bin'], capabilities: ['bin/other'], devices: ['bin/thing/x'] };
    expect(await receive(workshop, manifest, 'elsewhere', { ...elsewhere, xattrs: ['trusted.other'] })).toMatchObject({
      code,
      exitCode: 5,
    });
    for (const { policy: other } of PRIVILEGES.filter((one) => one.policy !== policy)) {
      expect(
        await receive(workshop, manifest, `other-${Object.values(other).flat()[0]}`.replace('/', '-'), other),
      ).toMatchObject({ code });
    }

    expect(await receive(workshop, manifest, 'allowed', policy)).toBeUndefined();
    const [sent, received] = await Promise.all(
      [workshop.golden, join(workshop.into, 'allowed')].map((at) => lstat(join(at, 'bin/thing'))),
    );
    expect([received?.mode, received?.rdev]).toEqual([sent?.mode, sent?.rdev]);
  });
});

describe('an incremental stream', () => {
  btrfsTest('cannot carry a set-uid file of the parent to a path that is not listed', async ({ btrfs }) => {
    const workshop = await workshopIn(btrfs);
    const { golden, into } = workshop;
    await mkdir(join(golden, 'bin'));
    await writeFile(join(golden, 'bin/su'), '');
    await chmod(join(golden, 'bin/su'), 0o4755);
    const v1 = await workshop.release('v1.0.0');
    const policy = { ...NOTHING, setuid: ['bin/su'] };
    expect(await receive(workshop, v1, 'v1.0.0', policy)).toBeUndefined();
    await rename(join(golden, 'bin'), join(golden, 'sbin'));
    const v2 = await workshop.release('v2.0.0', v1);

    const parent = { parentDirectory: join(into, 'v1.0.0'), parentPolicy: policy };
    expect(await receive(workshop, v2, 'moved', policy, parent)).toMatchObject({ code: 'GUARD_SET_ID_MODE' });
    const listed = { ...NOTHING, setuid: ['sbin/su'] };
    expect(await receive(workshop, v2, 'v2.0.0', listed, parent)).toBeUndefined();
    expect(await readdir(join(into, 'v2.0.0'))).toEqual(['sbin']);
  });
});

/** Receives the last stream of a release as `as`; gives back why not, if not. */
async function receive(
  { store, into }: Workshop,
  manifest: ReleaseManifest,
  as: string,
  policy: PolicyRequest | undefined,
  parent: { readonly parentDirectory?: string; readonly parentPolicy?: PolicyRequest } = {},
): Promise<unknown> {
  const stream = manifest.streams.at(-1);
  if (stream === undefined) throw new Error('a release has a stream');
  return receiveRelease(runner, { store, manifest, stream, into, as, policy, ...parent }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

import { systemRunner } from '@goldstream/system';

/** btrfs(8) would forget the received UUID; this is the ioctl that does not. */
export async function setReadOnly(path: string, value: 'true' | 'false'): Promise<void> {
  const flags = value === 'true' ? 2 : 0;
  const program = `import fcntl, os, struct, sys
descriptor = os.open(sys.argv[1], os.O_RDONLY)
# BTRFS_IOC_SUBVOL_SETFLAGS; BTRFS_SUBVOL_RDONLY is 2
fcntl.ioctl(descriptor, 0x4008941A, struct.pack("Q", int(sys.argv[2])))`;
  await systemRunner.run(['python3', '-c', program, path, String(flags)]);
}

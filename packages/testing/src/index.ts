export { CAPABILITIES, type Capability, requireOrSkip } from './capability.ts';
export { TestingError, type TestingErrorCode } from './error.ts';
export { btrfsTest, directoryTest } from './fixtures.ts';
export { type LoopbackPool, withBtrfs } from './loopback-btrfs.ts';
export { mountsUsing, unmountAllUsing } from './mounts-using.ts';
export { withTemporaryDirectory } from './temporary-directory.ts';

export { type DiskUsage, diskUsage } from './btrfs/disk-usage.ts';
export {
  awaitDeletedSubvolumes,
  demandBtrfs,
  isBtrfs,
  type SpaceFacts,
  SUBVOLUME_ROOT_INODE,
  spaceOf,
  syncFilesystem,
} from './btrfs/filesystem.ts';
export type { HostBelow } from './btrfs/host-below.ts';
export { createPoolImage, mountPoolImage, poolImageBytes } from './btrfs/pool.ts';
export type { QuotaRoom } from './btrfs/quota.ts';
export { type ChunkRoom, type Room, roomOf } from './btrfs/room.ts';
export { type SendRequest, startReceive, startSend } from './btrfs/streams.ts';
export {
  createSubvolume,
  deleteSubvolume,
  findSubvolume,
  forgetReceived,
  type ListedSubvolume,
  listSubvolumes,
  newestSubvolumeId,
  type SubvolumeFacts,
  showSubvolume,
  snapshotSubvolume,
} from './btrfs/subvolume.ts';
export { type BusQuestion, hasOwner } from './dbus/has-owner.ts';
export { type SystemBus, systemBusFor } from './dbus/system-bus.ts';
export { SystemError, type SystemErrorCode } from './error.ts';
export {
  linkDurably,
  makeDirectoryDurably,
  removeDurably,
  syncDirectory,
  writeAtomically,
  writeDurably,
} from './files/durable.ts';
export { acquireLock, type Lock, type Waiting } from './files/lock.ts';
export { lockDirectory } from './files/lock-directory.ts';
export { openPipe, type Pipe } from './files/pipe.ts';
export { type DiffSide, unifiedDiff } from './files/unified-diff.ts';
export { dearmor } from './gpg/dearmor.ts';
export { type GivenHome, type GivenKeys, importSecretKeys } from './gpg/given-home.ts';
export type { GpgHome } from './gpg/home.ts';
export { keyringOfKeys, withKeyring } from './gpg/keyring.ts';
export {
  createKey,
  exportPublicKey,
  findSecretKey,
  listSecretKeys,
  pickSecretKey,
  type SecretKey,
} from './gpg/keys.ts';
export { type MinimalKey, minimalKeys, minimalKeysOf } from './gpg/minimal-keys.ts';
export { clearSign, type Signers, signDetached } from './gpg/sign.ts';
export { type ClearSignedStatus, clearSignedStatus, listKeyring, signatureStatus } from './gpg/verify.ts';
export { type Journal, journalFor } from './journal/journal.ts';
export type { JournalFields } from './journal/render-journal-entry.ts';
export {
  bindMount,
  mountOverlay,
  type OverlayRequest,
  REPLACEABLE_LOWER,
  remountReadOnly,
  remountWritable,
  unmount,
} from './mount/mount.ts';
export { findMount, type MountEntry, mountAt, parseMountinfo, readMounts } from './mount/mountinfo.ts';
export { type ProcessOnMount, processesOn, unitOfCgroup, writersOn } from './process/processes-on-mount.ts';
export { demandRoot, demandTools, type RequiredTool } from './process/requirements.ts';
export { describeUse, subvolumeUsers } from './process/subvolume-users.ts';
export type { HeldBy, SubvolumeUse } from './process/usage/sighting.ts';
export type { Bytes, Command, Ended, Runner, Running, RunOptions, SpawnOptions } from './runner.ts';
export { systemRunner } from './system-runner.ts';
export { type Systemctl, systemctlFor, systemdRuns } from './systemd/systemctl.ts';
export { type UnitFacts, unitFacts } from './systemd/unit-facts.ts';
export { templateOf } from './systemd/unit-relations.ts';
export { readXattrs } from './xattr/read-xattrs.ts';
export { writeXattrs } from './xattr/write-xattrs.ts';
export type { PathXattrs, XattrChange, Xattrs } from './xattr/xattrs.ts';
export { startCompress, startDecompress } from './zstd/zstd.ts';

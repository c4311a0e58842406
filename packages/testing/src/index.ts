export {
  CAPABILITIES,
  type Capability,
  FOR_BTRFS,
  FOR_FAILING_DISK,
  FOR_LOGGED_DISK,
  FOR_SYSTEMD_HOST,
  FOR_WHOLE_MACHINE,
  requireOrSkip,
} from './capability.ts';
export { type Cli, cli } from './cli.ts';
export { type ChosenPoints, choosePoints } from './crash/choose-points.ts';
export { type CrashMode, type CrashPlan, type CrashPoint, crashPoints } from './crash/crash-points.ts';
export { type LoggedDisk, type Recording, withLoggedDisk } from './crash/logged-disk.ts';
export { type CopyPlan, type MountedCopy, mountCopy } from './crash/mounted-copy.ts';
export { type SavedDisk, withSavedDisk } from './crash/saved-disk.ts';
export { seededRandom } from './crash/seeded-random.ts';
export { TestingError, type TestingErrorCode } from './error.ts';
export { type FailingDisk, type Refused, withFailingDisk } from './faults/failing-disk.ts';
export { flipBitUnder, forget } from './faults/flip-bit.ts';
export { actAtByte, type Ballast, leaveFree } from './faults/full-disk.ts';
export { btrfsTest, directoryTest, systemdTest } from './fixtures.ts';
export * as githubFaults from './github/faults.ts';
export {
  type GithubEmulator,
  type GithubOptions,
  type GithubRequest,
  type Place,
  withGithub,
} from './github/github-emulator.ts';
export { type KillPlan, type KillReport, killMatrix } from './kill/kill-matrix.ts';
export type { Blow, Moment, SeenMoment } from './kill/moment.ts';
export { lookAtRun, type SeenRun, type StruckRun, strikeRun } from './kill/run-with-orders.ts';
export { spreadMoments } from './kill/spread-moments.ts';
export { LONG_RUN } from './long-run.ts';
export { detachDevicesOf, type LoopbackPool, withBtrfs } from './loopback-btrfs.ts';
export { cutPowerAt, lookAtRunOn } from './machine/cut-power.ts';
export { type Machine, withMachine } from './machine/machine.ts';
export { copyMachineDisks, type MachineDisks, makeMachineDisks, type NewDisks } from './machine/machine-disks.ts';
export { mountsUsing, unmountAllUsing } from './mounts-using.ts';
export { fakeTool, pathWithout } from './program-path.ts';
export { type Answer, type Answers, type Recorded, type RecordingRunner, recordingRunner } from './recording-runner.ts';
export { type SealedTree, withSealedTree } from './sealed-tree/sealed-tree.ts';
export { CHECKOUT_IN_HOST } from './systemd/checkout.ts';
export type { CommandedHost, CommandOptions } from './systemd/commanded-host.ts';
export type { BootedWhen } from './systemd/container.ts';
export { eventually } from './systemd/eventually.ts';
export {
  type SystemdHost,
  type SystemdHostOptions,
  withSystemdHost,
} from './systemd/systemd-host.ts';
export { withTemporaryDirectory } from './temporary-directory.ts';
export { expectUnchanged, type ListingOptions, snapshotOfTree } from './tree-listing.ts';
export { makeCertificates, type ServerCertificate, type TestCertificates } from './web/certificates.ts';
export * as respond from './web/respond.ts';
export { type Tunnel, withTunnel } from './web/tunnel.ts';
export { type SeenRequest, type WebServer, type WebServerOptions, withWebServer } from './web/web-server.ts';

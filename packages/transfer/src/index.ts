export { RelayedError, TransferError, type TransferErrorCode } from './error.ts';
export { fileAssets } from './file-assets.ts';
export { fileBytes } from './file-bytes.ts';
export {
  type BelievedKeys,
  type FollowedKeys,
  findKeysDocument,
  followKeys,
  type PresentedKeysFile,
} from './follow-keys.ts';
export { BrokenPipe, joined } from './joined.ts';
export { lookAtReceived, type ReceivedSnapshot, readHostCtransid, receivedProblem } from './look-at-received.ts';
export { parentAt } from './parent-at.ts';
export { type ClearSignedProof, proveClearSigned } from './prove-clear-signed.ts';
export { runPump } from './pump.ts';
export type { GuardedStream, Inspection, PumpJob, PumpResult } from './pump-job.ts';
export { type ReceiveBytesRequest, receiveBytes } from './receive-bytes.ts';
export { DEFAULT_TIMEOUT, type ReceiveRequest, receiveRelease } from './receive-release.ts';
export type { OfferedStream, ReceiveTarget } from './receive-target.ts';
export {
  type ChannelProof,
  fetchTrustedRelease,
  nameRelease,
  type TrustDemand,
  type TrustedRelease,
  trustRelease,
  type WantedRelease,
} from './trusted-release.ts';
export { unlessStalled } from './unless-stalled.ts';

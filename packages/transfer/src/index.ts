export { RelayedError, TransferError, type TransferErrorCode } from './error.ts';
export { BrokenPipe, joined } from './joined.ts';
export { lookAtReceived, type ReceivedSnapshot, readHostCtransid, receivedProblem } from './look-at-received.ts';
export { runPump } from './pump.ts';
export type { Inspection, PumpJob, PumpResult } from './pump-job.ts';
export { type ReceiveRequest, receiveRelease } from './receive-release.ts';
export { fetchTrustedRelease, type TrustDemand, type TrustedRelease, trustRelease } from './trusted-release.ts';

export { Belongings } from './belongings.ts';
export type { DeltaReport } from './delta/report.ts';
export { BuilderError, type BuilderErrorCode } from './error.ts';
export { builderProgram } from './program.ts';
export { type SendStreamRequest, type SentStream, sendStream } from './send/send-stream.ts';
export type { ByteStreams } from './tools.ts';

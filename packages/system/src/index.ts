export { SystemError, type SystemErrorCode } from './error.ts';
export type { Bytes, Command, Ended, Runner, Running, RunOptions, SpawnOptions } from './runner.ts';
export { systemRunner } from './system-runner.ts';

/** Bytes on their way. A chunk is valid until the next one is asked for, unless its producer promises more. */
export type Bytes = AsyncIterable<Uint8Array>;

/** A program and its arguments. Never a shell string. */
export type Command = readonly [program: string, ...args: string[]];

/** How one run differs from the usual: `LC_ALL=C TZ=UTC`, no stdin, no other descriptors. */
export interface RunOptions {
  /** Bytes or text for stdin. */
  readonly input?: string | Uint8Array;
  /** Added to the environment. Never secrets that could go on stdin instead. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Exit codes that are answers, not failures. Default: only 0. */
  readonly accept?: readonly number[];
  /** Open descriptors handed to the child as 3, 4, …. */
  readonly descriptors?: readonly number[];
  /** Ends the child (SIGTERM) when aborted. */
  readonly signal?: AbortSignal;
}

/** How an accepted run ended. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A child that is running, with pipes of bytes. Who spawned it awaits `ended` or kills it. */
export interface Running {
  readonly pid: number;
  /** Present when asked for with `stdin: 'pipe'`. */
  readonly stdin: NodeJS.WritableStream | undefined;
  /** Present when asked for with `stdout: 'pipe'`. */
  readonly stdout: NodeJS.ReadableStream | undefined;
  /** Resolves when the child ended with 0; rejects with `TOOL_FAILED` or `TOOL_MISSING`. */
  readonly ended: Promise<void>;
  /** Default: SIGTERM. False: it had ended before. */
  kill(signal?: NodeJS.Signals): boolean;
}

/** Where a spawned child's standard streams go: a pipe to us, an open descriptor, or nowhere. */
export interface SpawnOptions extends Pick<RunOptions, 'env' | 'cwd' | 'signal'> {
  readonly stdin?: 'pipe' | 'ignore' | number;
  readonly stdout?: 'pipe' | 'ignore' | number;
}

/** The only door to other programs. */
export interface Runner {
  /** Runs to the end and returns stdout. Rejects with `TOOL_FAILED`, or `TOOL_MISSING` when there is no such program. */
  capture(command: Command, options?: RunOptions): Promise<string>;
  /** Like `capture`, and tells exit code and stderr too; exit codes in `accept` resolve. */
  run(command: Command, options?: RunOptions): Promise<Ended>;
  /** Starts a child whose bytes are streamed. */
  spawn(command: Command, options?: SpawnOptions): Running;
}

import { type Io, type Program, runProgram } from '../src/index.ts';

/** What a run said and how it ended. */
export interface RecordedRun {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program with an outside that remembers. The clock stands still unless `now` is given. */
export async function recordedRun<Tools>(
  program: Program<Tools>,
  argv: readonly string[],
  outside: Partial<Pick<Io, 'columns' | 'signal' | 'now'>> = {},
): Promise<RecordedRun> {
  let out = '';
  let err = '';
  const io: Io = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    columns: undefined,
    signal: new AbortController().signal,
    now: () => 0,
    ...outside,
  };
  const exitCode = await runProgram(program, argv, io);
  return { exitCode, out, err };
}

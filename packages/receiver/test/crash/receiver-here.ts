import { runProgram } from '@goldstream/cli';
import type { Ended } from '@goldstream/system';
import { receiver } from '../../src/program.ts';
import { demandDone } from '../demand-done.ts';
import { type TargetHost, targetHost } from '../target-host.ts';

/**
 * A host whose commands run in this process: what a host is looked at and put right with after hundreds of power cuts
 * and kills need not start anew each time. What is cut or killed is started as people start it (`command`).
 */
export async function hostHere(root: string, application: string): Promise<TargetHost> {
  const host = await targetHost(root, application);
  const run = (args: readonly string[]) => runHere(['--root', root, '--app', application, ...args]);
  const doIt: TargetHost['do'] = async (...args) => demandDone(await run(args));
  return {
    ...host,
    run,
    do: doIt,
    // `status` prints exactly this document.
    status: async () => JSON.parse(await doIt('status', '--json')),
  };
}

async function runHere(argv: readonly string[]): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  const exitCode = await runProgram(receiver, argv, {
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
    columns: undefined,
    signal: new AbortController().signal,
    now: () => performance.now(),
  });
  return { exitCode, stdout, stderr };
}

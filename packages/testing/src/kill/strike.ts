import { closeSync, openSync, writeFileSync } from 'node:fs';
import type { Blow, Orders } from './moment.ts';
import { processesOfRun } from './processes-of-run.ts';

/** Does it to this process, at once: a SIGKILL to oneself has been delivered when kill(2) returns. */
export function strike(blow: Blow, { run, tell }: Orders): void {
  switch (blow) {
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      return;
    case 'kill-all':
      killChildren(run);
      process.kill(process.pid, 'SIGKILL');
      return;
    case 'kill-children':
      killChildren(run);
      return;
    case 'hang-up':
      closeSync(2);
      // Takes the lowest free descriptor, which is 2, and refuses every write.
      openSync('/dev/full', 'w');
      process.kill(process.pid, 'SIGHUP');
      return;
    case 'hold':
      if (tell !== undefined) writeFileSync(tell, `${JSON.stringify({ kind: 'held' })}\n`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      return;
    default:
      process.kill(process.pid, blow);
  }
}

function killChildren(run: string): void {
  for (const { pid } of processesOfRun(run)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

// Preloaded into the receiver (`node --import`) and never part of it: holds it for good, before anything else happens,
// when it announces the step that HOLD_AT names, or with HOLD_AFTER=1 when it announces whatever comes next. Then the
// file HOLD_FILE is there. So a machine can be crashed at a certain step, and not some time after somebody read a line.
import { writeFileSync } from 'node:fs';

const { HOLD_AT: step = '', HOLD_AFTER: after, HOLD_FILE: file = '' } = process.env;
const say = process.stderr.write.bind(process.stderr) as (...args: readonly unknown[]) => boolean;
let passed = false;

process.stderr.write = (...args: readonly unknown[]) => {
  const written = say(...args);
  const isStep = String(args[0])
    .replace(/^\s*(\[\d+\/\d+\] )?/, '')
    .startsWith(step);
  if (passed || (isStep && after === undefined)) hold();
  passed = isStep;
  return written;
};

function hold(): void {
  writeFileSync(file, '');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Workplace } from './workplace.ts';

const WORKER = fileURLToPath(new URL('passing-worker.ts', import.meta.url));

/** A workplace with a copy of the receiver in which the guard is replaced by a pass-through; all else is the same. */
export async function withoutGuard(place: Workplace): Promise<Workplace> {
  const program = dirname(dirname(place.receiver));
  const copy = join(place.directory, 'programs', 'receiver-without-guard');
  await cp(program, copy, { recursive: true });
  await build({
    entryPoints: [WORKER],
    outfile: join(copy, 'dist/bundle/pump-worker.js'),
    allowOverwrite: true,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    conditions: ['source'],
    logLevel: 'warning',
  });
  return { ...place, receiver: join(copy, 'bin', 'goldstream-receiver.js') };
}

// @ts-check
// Bundles the programs and the action from what `tsc -b` built.
import { readFileSync } from 'node:fs';
import { bundleProgram } from './lib/bundle-program.ts';

for (const name of ['builder', 'receiver', 'action']) {
  const outdir = `packages/${name}/dist/bundle`;
  await bundleProgram({
    main: `packages/${name}/dist/main.js`,
    worker: 'packages/transfer/dist/pump-worker.js',
    outdir,
  });
  const { version } = JSON.parse(readFileSync(`packages/${name}/package.json`, 'utf8'));
  console.error(`goldstream-${name} ${version}: ${outdir}`);
}

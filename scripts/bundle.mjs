// @ts-check
// Bundles the two programs from what `tsc -b` built: they start twice as fast from a few files as from a few hundred.
// Commands stay in files of their own, which are read when they are asked for.
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

for (const name of ['builder', 'receiver']) {
  const bundle = `packages/${name}/dist/bundle`;
  // Made beside the old one, which may be running.
  const outdir = `${bundle}.new`;
  rmSync(outdir, { recursive: true, force: true });
  await build({
    // The thread's file is looked for beside the file that starts it.
    entryPoints: { main: `packages/${name}/dist/main.js`, 'pump-worker': 'packages/transfer/dist/pump-worker.js' },
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    minifySyntax: true,
    sourcemap: 'linked',
    legalComments: 'linked',
    // Libraries in the older module format ask for their neighbours with `require`.
    banner: {
      js: "import { createRequire as bundleRequire } from 'node:module';const require = bundleRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  const { version } = JSON.parse(readFileSync(`packages/${name}/package.json`, 'utf8'));
  rmSync(bundle, { recursive: true, force: true });
  renameSync(outdir, bundle);
  console.error(`goldstream-${name} ${version}: ${bundle}`);
}

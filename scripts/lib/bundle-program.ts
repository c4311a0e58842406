import { renameSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

/** A program and where its files are. */
export interface BundledProgram {
  readonly main: string;
  /** Module of the pump's thread. */
  readonly worker: string;
  /** Directory of the bundle: replaced as a whole. */
  readonly outdir: string;
  /** Conditions by which packages find each other; `source` for sources. */
  readonly conditions?: readonly string[];
}

/**
 * Makes a few files of a program's few hundred: it starts twice as fast. What is imported when it is needed, as commands
 * are, stays in files of its own.
 */
export async function bundleProgram({ main, worker, outdir, conditions = [] }: BundledProgram): Promise<void> {
  // Made beside the old one, which may be running.
  const made = `${outdir}.new`;
  rmSync(made, { recursive: true, force: true });
  await build({
    // The thread's file is looked for beside the file that starts it.
    entryPoints: { main, 'pump-worker': worker },
    outdir: made,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    minifySyntax: true,
    sourcemap: 'linked',
    legalComments: 'linked',
    conditions: [...conditions],
    // Libraries in the older module format ask for their neighbours with `require`.
    banner: {
      js: "import { createRequire as bundleRequire } from 'node:module';const require = bundleRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  rmSync(outdir, { recursive: true, force: true });
  renameSync(made, outdir);
}

#!/usr/bin/env node
// In syntax that every Node reads, so that an old one is told what is wrong instead of failing to parse.
import { existsSync, statSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const main = new URL('../dist/bundle/main.js', import.meta.url);
if (Number(process.versions.node.split('.')[0]) < 22) {
  refuse(`needs Node 22 or newer, this is ${process.version}`, 'Install Node 24, or put it first in PATH.');
} else if (!existsSync(main)) {
  refuse('is not built', 'Run npm run build in the checkout.');
} else {
  keepCompiled();
  import(main.href);
}

/**
 * Compiling takes half of the time to start, so what was compiled is kept beside the program: by its owner only, who
 * could change the program itself, and who can take the cache away with it.
 */
function keepCompiled() {
  if (statSync(main).uid === process.getuid()) module.enableCompileCache?.(fileURLToPath(new URL('cache', main)));
}

/** Exit code 3: the environment. */
function refuse(problem, hint) {
  process.stderr.write(`goldstream-receiver ${problem}\n  hint: ${hint}\n`);
  process.exitCode = 3;
}

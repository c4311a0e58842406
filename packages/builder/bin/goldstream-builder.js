#!/usr/bin/env node
// Kept in syntax that every Node can read, so that an old one is told what is wrong instead of failing to parse.
const major = Number(process.versions.node.split('.')[0]);
if (major < 22) {
  process.stderr.write(
    `goldstream-builder needs Node 22 or newer, this is ${process.version}\n  hint: Put node_modules/.bin of the checkout first in PATH, or install Node 24.\n`,
  );
  process.exitCode = 3;
} else {
  import('../dist/main.js');
}

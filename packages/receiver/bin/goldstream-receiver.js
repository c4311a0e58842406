#!/usr/bin/env node
// Starts the receiver as bundled. Nothing newer than Node 14 may stand in this file, so that an old Node can say so.
const major = Number(process.versions.node.split('.')[0]);
if (major < 22) {
  console.error(`goldstream-receiver needs Node 22 or newer, this is ${process.version}`);
  process.exit(3);
}
import('../dist/bundle/main.js');

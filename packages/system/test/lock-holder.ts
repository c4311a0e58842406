import { acquireLock, systemRunner } from '../src/index.ts';

/* A program that takes the lock it is given and keeps it for as long as it lives: a test's other process. */

const [, , path = ''] = process.argv;
await acquireLock(systemRunner, path);
console.log('held');
setInterval(() => {}, 60_000);

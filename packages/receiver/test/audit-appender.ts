// Appends to the trail in the directory that is given, without end, and tells each number once it is durable.
import { appendEvent } from '../src/audit/append-event.ts';
import { pinOf, trailSite } from './audit-trails.ts';

const site = trailSite(process.argv[2] ?? '');
for (let patch = 0; ; patch += 1) process.stdout.write(`${(await appendEvent(site, pinOf(patch))).number}\n`);

// enter-cgroup-main.ts DIRECTORY… -- PROGRAM ARGUMENT…
// Becomes PROGRAM in these cgroups, with the process id it has: systemd-nspawn looks at its own cgroup first thing,
// so it is too late to move it there from outside.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const end = process.argv.indexOf('--');
for (const directory of process.argv.slice(2, end)) writeFileSync(join(directory, 'cgroup.procs'), String(process.pid));
process.execve?.('/usr/bin/env', ['env', ...process.argv.slice(end + 1)]);

import { systemRunner } from '@goldstream/system';

/*
 * Runs a program with an empty /var/lib of its own, where the builder has its pool. Started in a private mount namespace
 * by `unshare --mount`, which takes everything with it that is mounted here.
 *
 *   with-own-var-lib.ts PROGRAM…
 */
const [program = '', ...args] = process.argv.slice(2);
await systemRunner.run(['mount', '--types', 'tmpfs', 'var-lib', '/var/lib']);
const { exitCode, stdout, stderr } = await systemRunner.run([program, ...args], { accept: [0, 1] });
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = exitCode;

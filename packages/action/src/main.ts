import { fileURLToPath } from 'node:url';
import * as core from '@actions/core';
import { context } from '@actions/github';
import { describeError } from '@goldstream/errors';
import { systemRunner } from '@goldstream/system';
import { commandAsRoot, runAsRoot } from './become-root.ts';
import { runAction } from './run-action.ts';

try {
  if (process.geteuid?.() === 0) await runAction(core, { ref: context.ref, ...context.repo });
  else if (!(await runAsRoot(systemRunner, commandAsRoot(process.env, fileURLToPath(import.meta.url)))))
    process.exitCode = 1;
} catch (error) {
  core.setFailed(describeError(error));
}

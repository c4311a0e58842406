import { readFile } from 'node:fs/promises';
import type * as toolkit from '@actions/core';
import { systemRunner } from '@goldstream/system';
import { annotationOf } from './annotate.ts';
import { Builder } from './builder.ts';
import { readInputs } from './inputs.ts';
import { installNeeds } from './install-needs.ts';
import { makeRoom } from './make-room.ts';
import { outputsOf } from './outputs.ts';
import { release } from './release.ts';
import { renderSummary } from './render-summary.ts';
import { withTokenFile } from './with-token-file.ts';

/** Where and on what the workflow runs. */
export interface Occasion {
  /** `refs/tags/v1.3.0` */
  readonly ref: string;
  readonly owner: string;
  readonly repo: string;
}

/**
 * The action, as root: reads inputs, makes the runner ready, releases, and tells outputs and summary. The builder's pool
 * is where the builder always has it, so a runner that is kept goes on with what it holds.
 *
 * @throws ActionError, and what makes a runner ready; of the builder's failures the annotation was made before
 */
export async function runAction(core: typeof toolkit, { ref, owner, repo }: Occasion): Promise<void> {
  const inputs = readInputs(core, ref);
  // Programs that are started from here, those of the recipe among them, need none of it.
  for (const name of ['SIGNING-KEY', 'PASSPHRASE', 'TOKEN']) delete process.env[`INPUT_${name}`];
  await installNeeds(systemRunner, core.info);
  await makeRoom(process.env, core.info);
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
  const released = await withTokenFile(inputs.token, () => {
    const builder = new Builder({
      ...inputs,
      root: '/',
      memory: '/dev/shm',
      environment: { SOURCE_DATE_EPOCH: process.env['SOURCE_DATE_EPOCH'] },
      signal: ending.signal,
      say: (text) => void process.stdout.write(text),
      onFailure: (failure) => {
        const { message, ...place } = annotationOf(failure);
        core.error(message, place);
      },
    });
    return release(builder, `github:${owner}/${repo}`, inputs);
  });
  if (released === undefined) return;
  for (const [name, value] of Object.entries(outputsOf(released))) core.setOutput(name, value);
  const changes = released.changes === undefined ? undefined : await readFile(released.changes, 'utf8');
  await core.summary.addRaw(renderSummary(released, changes), true).write();
}

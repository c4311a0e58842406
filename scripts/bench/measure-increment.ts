import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Section } from './figure.ts';
import { renderValue } from './render-sections.ts';
import { timed } from './timed.ts';
import type { Workshop } from './workshop.ts';

const BLOCK = 4096;

/** How large the incremental stream is when nothing changed, and when one block of a large file did. */
export async function measureIncrement({ extent, large, say }: Bench): Promise<Section> {
  const workshop = await large();
  say('increment: nothing changed');
  const update = await timed(workshop.command('golden', 'update'));
  const unchanged = await incremental(workshop, 'v1.0.0', 'v1.0.1');
  say('increment: one block changed');
  await changeBlock(join(workshop.made, 'file'), extent.largeFileBytes / 2);
  const changed = await incremental(workshop, 'v1.0.1', 'v1.0.2');
  return {
    title: `incremental streams (raw), a file of ${renderValue(extent.largeFileBytes, 'bytes')}`,
    commands: [
      'goldstream-builder golden update && goldstream-builder snapshot v1.0.1',
      'goldstream-builder send v1.0.1 --parent v1.0.0',
    ],
    figures: [
      { what: 'golden update, nothing changed', value: unchanged, unit: 'bytes', atMost: 64 * 1024 },
      { what: 'one block of 4 KiB changed', value: changed, unit: 'bytes', atMost: 128 * 1024 },
      { what: 'the unchanged golden update took', value: update.seconds, unit: 'seconds' },
    ],
  };
}

async function incremental(workshop: Workshop, parent: string, version: string): Promise<number> {
  await workshop.freeze(version);
  const [sent] = await workshop.send(version, '--parent', parent);
  if (sent?.kind !== 'incremental') throw new Error(`${version} was sent as ${sent?.kind}, expected incremental`);
  return sent.rawBytes;
}

async function changeBlock(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.write(Buffer.alloc(BLOCK, 'a changed block '), 0, BLOCK, at);
  } finally {
    await file.close();
  }
}

import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDirectoryDurably, writeDurably } from '@goldstream/system';
import type { z } from 'zod';
import { BuilderError } from '../error.ts';

/**
 * Reads a record that an earlier command left; undefined when there is none.
 * @throws BuilderError `BUILDER_BAD_RECORD`
 */
export async function readRecord<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.infer<Schema> | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(path, error);
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw unusable(path, cause);
  }
}

/** Writes a record so that it survives a power cut whole. */
export async function writeRecord(path: string, record: object): Promise<void> {
  await makeDirectoryDurably(dirname(path), 0o700);
  await writeDurably(path, `${JSON.stringify(record, undefined, 2)}\n`, 0o600);
}

function unusable(path: string, cause: unknown): BuilderError {
  return new BuilderError('BUILDER_BAD_RECORD', `${path} is not a record of this program`, {
    cause,
    hint: 'Put it back from a backup, or remove it and run the command that writes it again.',
  });
}

import { readFile } from 'node:fs/promises';
import { parseConfig } from '@goldstream/cli';
import * as z from 'zod';
import type { Layout } from './layout.ts';

/** `/etc/goldstream/APP.yaml`. Everything has a default but the store. */
const configSchema = z
  .strictObject({
    /** Where releases come from: `dir:/srv/releases`. */
    store: z.string().optional(),
    /** Binary OpenPGP keyring of the keys that may sign. Default: beside the configuration file. */
    keyring: z.string().startsWith('/', 'expected an absolute path').optional(),
    /** Distinct signers a release needs. */
    threshold: z.int().min(1).max(16).default(1),
    /** How many versions are kept, the active one included. */
    keep: z.int().min(2, 'expected at least 2: the active version and the one before').default(3),
    /** Whether set-uid programs and device nodes in a deployment work. */
    allow: z.strictObject({ suid: z.boolean().default(false), dev: z.boolean().default(false) }).prefault({}),
  })
  .prefault({});

/** What an operator configured. Paths are seen from inside `root`. */
export type Config = z.infer<typeof configSchema>;

/** Reads the configuration; a host without the file has the defaults. */
export async function readConfig({ config }: Layout): Promise<Config> {
  const text = await readFile(config, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  // An empty YAML document is null.
  return parseConfig(
    text,
    config,
    z.preprocess((value) => value ?? undefined, configSchema),
  );
}

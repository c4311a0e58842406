import { readFile } from 'node:fs/promises';
import { parseConfig } from '@goldstream/cli';
import { isChannelName } from '@goldstream/release';
import * as z from 'zod';
import { EDITS_POLICIES } from '../overlay/plan-edits.ts';
import type { Layout } from './layout.ts';

/**
 * Nothing is allowed unless it is said here. `suid` and `dev` also lift `nosuid` and `nodev` from the mounts of
 * deployments; so does `capabilities`, for the kernel obeys file capabilities only without `nosuid`.
 */
const allowSchema = z.strictObject({
  /** Files and directories with set-uid or set-gid bits. */
  suid: z.boolean().default(false),
  /** Device nodes. */
  dev: z.boolean().default(false),
  /** Files with `security.capability`. */
  capabilities: z.boolean().default(false),
  /** Full names of extended attributes beyond the usual ones. */
  xattrs: z
    .array(
      z
        .string()
        .regex(
          /^(?!security\.capability$)(?!trusted\.overlay\.)[a-z]+\.[\x21-\x7e]{1,240}$/,
          'expected the full name of an attribute, not security.capability (allow.capabilities) nor trusted.overlay.* (overlayfs obeys it)',
        ),
    )
    .max(100)
    .default([]),
});

/** `/etc/goldstream/APP.yaml`. Everything has a default but the store. */
const configSchema = z
  .strictObject({
    /** Where releases come from: `dir:/srv/releases`. */
    store: z.string().optional(),
    /** Which channel says what is current and offered: `stable`. Without one, every signed release of the store is. */
    channel: z
      .string()
      .refine(isChannelName, 'expected lower-case letters and digits, a letter first, at most 32')
      .optional(),
    /** File with certificates of authorities, in PEM, that a web server may prove itself by beside the platform's. */
    ca: z.string().startsWith('/', 'expected an absolute path').optional(),
    /** File with a token for GitHub, for a repository that is private. */
    token: z.string().startsWith('/', 'expected an absolute path').optional(),
    /** Binary OpenPGP keyring of the keys that may sign. Default: beside the configuration file. */
    keyring: z.string().startsWith('/', 'expected an absolute path').optional(),
    /** Distinct signers a release needs. */
    threshold: z.int().min(1).max(16).default(1),
    /** How many versions are kept, the active one included. */
    keep: z.int().min(2, 'expected at least 2: the active version and the one before').default(3),
    /** What happens to edits of operators that hide what a new version brings. */
    edits: z.enum(EDITS_POLICIES).default('keep'),
    /** What a release may bring when its signed manifest asks for it, and what works in a deployment. */
    allow: allowSchema.prefault({}),
  })
  .prefault({});

/** What a host lets a release bring. */
export type Allow = z.infer<typeof allowSchema>;

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

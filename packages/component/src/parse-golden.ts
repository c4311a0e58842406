import * as z from 'zod';
import type { Golden, Source } from './golden.ts';
import { relativePath } from './paths.ts';
import { commandWords, integer, matching, size, text } from './scalars.ts';
import { list, problem, record, validate } from './validate.ts';
import { readYaml } from './yaml-document.ts';

/** Assets of GitHub Releases must stay below this many bytes. */
const ASSET_LIMIT = 2 * 2 ** 30;
/** 1.9 GiB in bytes. */
const DEFAULT_PART_SIZE = Math.floor(1.9 * 2 ** 30);

/**
 * Reads golden.yaml. Looks at the text only: whether the files exist is for the one who uses them to say, with `at`.
 * @param file how the text is called in messages
 * @throws ComponentError naming file, line and column
 */
export function parseGolden(text: string, file: string): Golden {
  const document = readYaml(text, file);
  const { application, sources, policy, ...settings } = validate(goldenSchema, document);
  const { architecture, partSize, level, parents, budget, key, store } = settings;
  return {
    file,
    application,
    sources: sources.map((source, index) => ({ ...source, at: document.locate(['sources', index]) })),
    release: { architecture, partSize, level, parents, budget, keys: [key].flat(), store },
    policy,
  };
}

type Unplaced<S> = S extends Source ? Omit<S, 'at'> : never;

const FOLDER = "the recipe's folder";
const GOLDEN = 'the golden subvolume';

const buildSchema = record({
  command: commandWords(),
  in: relativePath(FOLDER, { dot: true }).default('.'),
  output: relativePath(FOLDER, { dot: true }),
});

const sourceSchema = record({
  directory: relativePath(FOLDER, { dot: true }).optional(),
  archive: relativePath(FOLDER).optional(),
  build: buildSchema.optional(),
  strip: integer(0, 64).optional(),
  into: relativePath(GOLDEN, { dot: true }).optional(),
  attributes: z.enum(['normal', 'preserve'], { error: 'normal or preserve' }).default('normal'),
}).transform((written, ctx): Unplaced<Source> => {
  const { directory, archive, build, strip, into, attributes } = written;
  if ([directory, archive, build].filter((one) => one !== undefined).length !== 1) {
    ctx.addIssue(problem('COMPONENT_BAD_VALUE', 'expected exactly one of directory, archive, build'));
    return z.NEVER;
  }
  if (archive === undefined && strip !== undefined) {
    ctx.addIssue(problem('COMPONENT_BAD_VALUE', 'is for archives only', { path: ['strip'] }));
  }
  if (directory !== undefined) {
    return { kind: 'directory', path: directory, into: into ?? lastName(directory), attributes };
  }
  if (archive !== undefined) {
    const compression = compressionOf(archive);
    if (compression === undefined) {
      ctx.addIssue({ code: 'custom', message: 'a file named .tar, .tar.gz or .tar.zst', path: ['archive'] });
      return z.NEVER;
    }
    return { kind: 'archive', path: archive, compression, strip: strip ?? 0, into: into ?? '.', attributes };
  }
  if (build === undefined) return z.NEVER; // one of the three is there
  return { kind: 'build', ...build, into: into ?? lastName(build.output), attributes };
});

const policySchema = record({
  setuid: list(relativePath(GOLDEN)).default([]),
  capabilities: list(relativePath(GOLDEN)).default([]),
  devices: list(relativePath(GOLDEN)).default([]),
  xattrs: list(
    matching(
      /^(?!security\.capability$)[a-z]+\.[\x21-\x7e]{1,240}$/,
      'the full name of an extended attribute, other than security.capability, which is listed by path in capabilities',
    ),
  ).default([]),
});

const signingKey = text('a fingerprint or a user id', 256).refine((value) => !value.startsWith('-'), {
  error: 'a fingerprint or a user id',
});

const goldenSchema = record({
  application: matching(
    /^(?=.{1,48}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
    'a name of at most 48 lower-case letters, digits and single dashes, a letter first',
  ),
  architecture: matching(/^[a-z0-9_-]{1,32}$/, 'a machine as `uname -m` names it, or all').optional(),
  sources: list(sourceSchema).nonempty({ error: 'at least one source' }),
  partSize: size(ASSET_LIMIT, 'a size below 2GiB, such as 1.9GiB').default(DEFAULT_PART_SIZE),
  level: integer(1, 19).default(9),
  parents: integer(0, 100).default(3),
  budget: size(Number.MAX_SAFE_INTEGER, 'a size such as 100MB').optional(),
  key: z.union([signingKey, list(signingKey)]).default([]),
  store: matching(/^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/, 'a URL such as dir:/srv/releases').optional(),
  policy: policySchema.prefault({}),
});

function lastName(path: string): string {
  return path.split('/').at(-1) ?? '.';
}

function compressionOf(path: string): 'none' | 'gzip' | 'zstd' | undefined {
  if (path.endsWith('.tar')) return 'none';
  if (path.endsWith('.tar.gz')) return 'gzip';
  return path.endsWith('.tar.zst') ? 'zstd' : undefined;
}

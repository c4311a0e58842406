import * as z from 'zod';
import { claims } from './claims.ts';
import { type ComponentManifest, FILE_TYPES, RESTART_POLICIES } from './manifest.ts';
import { healthSchema } from './parse-health.ts';
import { absolutePath, relativePath } from './paths.ts';
import { persists } from './persists.ts';
import { boolean, commandLine, duration, integer, matching, mode, text } from './scalars.ts';
import { list, record, shortForm, validate } from './validate.ts';
import { readYaml, type YamlDocument } from './yaml-document.ts';

/**
 * Reads a component's manifest.yaml. Looks at the text only.
 * @param file how the text is called in messages
 * @throws ComponentError naming file, line and column
 */
export function parseComponentManifest(text: string, file: string): ComponentManifest {
  const document = readYaml(text, file);
  const written = validate(manifestSchema, document);
  const manifest: ComponentManifest = {
    file,
    stage: written.stage,
    component: written.component,
    version: written.version,
    description: written.description,
    files: place(document, 'files', written.files),
    services: place(document, 'services', written.services),
    persist: place(document, 'persist', written.persist),
    dependencies: place(document, 'dependencies', written.dependencies),
    verify: place(document, 'verify', written.verify),
    cleanup: place(document, 'cleanup', written.cleanup),
  };
  claims([manifest]); // refuses two files with one target
  persists([manifest]); // and two names for one folder
  return manifest;
}

const FOLDER = "the component's folder";
const componentName = matching(/^[a-z0-9][a-z0-9-]{0,47}$/, 'a component name such as core-dbus');

const fileSchema = record({
  path: relativePath(FOLDER),
  target: absolutePath(),
  type: z.enum(FILE_TYPES, { error: `one of ${FILE_TYPES.join(', ')}` }),
  as: z.enum(['link', 'copy'], { error: 'link or copy' }).optional(),
  mode: mode().optional(),
  owner: matching(/^[a-z_0-9][a-z0-9_-]{0,31}(:[a-z_0-9][a-z0-9_-]{0,31})?$/, 'an owner such as root or root:adm')
    .transform((owner) => ({ user: owner.replace(/:.*/, ''), group: owner.split(':')[1] }))
    .optional(),
}).transform(({ path, target, type, as, mode, owner }, ctx) => {
  const copied = as === 'copy';
  const refuse = (key: string, message: string) => ctx.addIssue({ code: 'custom', path: [key], message });
  if (as !== undefined && type !== 'directory') refuse('as', `no such key with type ${type}: only directories have it`);
  if (copied && mode !== undefined) refuse('mode', 'no mode: the files of a tree that is copied keep theirs');
  return { path, target, type, copied, mode, owner };
});

// systemd.unit(5): a name of letters, digits and :-_.\ with at most one @ for instances, 255 characters in all.
const unitName = matching(
  /^(?=.{1,255}$)[\w:.\\-]+(@[\w:.\\-]*)?\.(service|socket|timer|target|path|mount|automount|swap|slice)$/,
  'a unit name such as dbus-mcp.service',
);

const serviceSchema = shortForm(
  'unit',
  record({
    unit: unitName,
    enable: boolean().default(true),
    start: boolean().default(true),
    restart: z.enum(RESTART_POLICIES, { error: `one of ${RESTART_POLICIES.join(', ')}` }).default('affected'),
    health: healthSchema().prefault({}),
  }),
);

const persistSchema = record({ name: componentName, path: relativePath(FOLDER) });

const dependencySchema = shortForm(
  'text',
  record({ component: componentName.optional(), text: text('a dependency in words').optional() }),
).transform(({ component, text }, ctx) => {
  if (component !== undefined && text === undefined) return { kind: 'component' as const, name: component };
  if (component === undefined && text !== undefined) return { kind: 'text' as const, text };
  ctx.addIssue({ code: 'custom', message: 'words, or component: NAME' });
  return z.NEVER;
});

const verifySchema = record({
  command: commandLine(),
  expect_exit: integer(0, 255).default(0),
  timeout: duration().default(30_000),
}).transform(({ command, expect_exit, timeout }) => ({
  command: command.text,
  words: command.words,
  expectExit: expect_exit,
  timeoutMs: timeout,
}));

/** What may follow a path in the long form; blanks do not count. */
const KEEP_MODIFIED = '(if default, remove; if modified, keep)';

const cleanupSchema = z
  .string({ error: 'a path' })
  .transform((written, ctx) => {
    const [, path = written, words] = /^(.*?)\s+(\(.*)$/s.exec(written) ?? [];
    if (words === undefined || words.replaceAll(/\s+/g, ' ').trim() === KEEP_MODIFIED) return path;
    ctx.addIssue({ code: 'custom', message: `a path, or a path and ${KEEP_MODIFIED}` });
    return z.NEVER;
  })
  .pipe(absolutePath())
  .transform((path) => ({ path }));

const manifestSchema = record({
  stage: integer(0, 9999),
  component: componentName,
  version: matching(/^[0-9A-Za-z][0-9A-Za-z.+~_-]{0,63}$/, 'a version such as 1.0.0'),
  description: text('one line of text'),
  files: list(fileSchema).default([]),
  services: list(serviceSchema).default([]),
  persist: list(persistSchema).default([]),
  dependencies: list(dependencySchema).default([]),
  verify: list(verifySchema).default([]),
  cleanup: list(cleanupSchema).default([]),
});

function place<Entry extends object>(document: YamlDocument, key: string, entries: readonly Entry[]) {
  return entries.map((entry, index) => ({ ...entry, at: document.locate([key, index]) }));
}

// Cuts the slice of GitHub's own OpenAPI description that the GitHub emulator is validated against: see
// fixtures/github/README.md. Fetches the package to a temporary directory; nothing of it is installed.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemRunner } from '@goldstream/system';

const PACKAGE = '@octokit/openapi@23.0.2';
const DESCRIPTION = 'package/generated/api.github.com.json';
const SLICE = fileURLToPath(new URL('../fixtures/github/api.github.com.slice.json', import.meta.url));

/** Methods of each path below `/repos/{owner}/{repo}` that are wanted. */
const WANTED: Readonly<Record<string, readonly string[]>> = {
  '/releases': ['get', 'post'],
  '/releases/assets/{asset_id}': ['get', 'delete'],
  '/releases/tags/{tag}': ['get'],
  '/releases/{release_id}': ['get', 'patch', 'delete'],
  '/releases/{release_id}/assets': ['get', 'post'],
  '/contents/{path}': ['get', 'put'],
  '/git/ref/{ref}': ['get'],
  '/git/refs': ['post'],
  '/git/trees': ['post'],
  '/git/commits': ['post'],
};

/** What is for readers, not for a validator. */
const PROSE = ['description', 'summary', 'example', 'examples', 'externalDocs', 'tags', 'title'];

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Document = { readonly [key: string]: Json };

const directory = await mkdtemp(join(tmpdir(), 'github-api-'));
try {
  const packed = await systemRunner.capture(['npm', 'pack', '--silent', '--pack-destination', directory, PACKAGE]);
  await systemRunner.capture(['tar', '-xzf', join(directory, packed.trim()), '-C', directory, DESCRIPTION]);
  const whole: Document = JSON.parse(await readFile(join(directory, DESCRIPTION), 'utf8'));
  await writeFile(SLICE, `${renderLines(slice(whole))}\n`);
} finally {
  await rm(directory, { recursive: true });
}

/** The wanted operations, and of the components what they refer to. */
function slice(whole: Document): Document {
  const paths: Record<string, Json> = {};
  for (const [below, methods] of Object.entries(WANTED)) {
    const path = `/repos/{owner}/{repo}${below}`;
    const item = objectAt(whole, ['paths', path]);
    paths[path] = Object.fromEntries(methods.map((method) => [method, withoutServers(objectAt(item, [method]))]));
  }
  const bare = withoutProse(paths);
  const components: Record<string, Record<string, Json>> = {};
  const open: Json[] = [bare];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const [kind, name] of referencesIn(next)) {
      components[kind] ??= {};
      const group = components[kind];
      if (group[name] !== undefined) continue;
      const component = withoutProse(objectAt(whole, ['components', kind, name]));
      group[name] = component;
      open.push(component);
    }
  }
  const { openapi = '', info = {} } = whole;
  const { version = '' } = objectAt({ info }, ['info']);
  return { openapi, info: { title: `slice of ${PACKAGE}`, version }, paths: bare, components };
}

/** Uploads have a server of their own; where the emulator is, it says itself. */
function withoutServers({ servers: _, ...operation }: Document): Document {
  return operation;
}

/** `name`: a key that a schema's author chose stays, whatever it is called. */
function withoutProse(value: Json, isMapOfNames = false): Json {
  if (Array.isArray(value)) return value.map((item) => withoutProse(item));
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([key]) => isMapOfNames || !(PROSE.includes(key) || key.startsWith('x-')));
  return Object.fromEntries(
    kept.map(([key, item]) => [key, withoutProse(item, key === 'properties' && !isMapOfNames)]),
  );
}

function referencesIn(value: Json): [kind: string, name: string][] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => {
    if (key !== '$ref' || typeof item !== 'string') return referencesIn(item);
    const [, kind = '', name = ''] = /^#\/components\/([^/]+)\/([^/]+)$/.exec(item) ?? [];
    return [[kind, name] satisfies [string, string]];
  });
}

function objectAt(value: Json, path: readonly string[]): Document {
  let at: Json | undefined = value;
  for (const key of path) at = isDocument(at) ? at[key] : undefined;
  if (isDocument(at)) return at;
  throw new Error(`${PACKAGE} has nothing at ${path.join(' → ')}`);
}

function isDocument(value: Json | undefined): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One line for each path and component: small, and what a new version changes can be seen. */
function renderLines({ paths, components, ...head }: Document): string {
  const lines = (value: Json | undefined) =>
    Object.entries(value ?? {})
      .map(([key, item]) => `${JSON.stringify(key)}:${JSON.stringify(item)}`)
      .join(',\n');
  const groups = Object.entries(components ?? {}).map(
    ([kind, group]) => `${JSON.stringify(kind)}:{\n${lines(group)}\n}`,
  );
  return `{\n${lines(head)},\n"paths":{\n${lines(paths)}\n},\n"components":{\n${groups.join(',\n')}\n}}`;
}

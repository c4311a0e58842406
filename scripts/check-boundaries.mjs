// @ts-check
// Fails when a package imports what its layer may not know, or a library that another package owns.
// TypeScript's project references do not guard this: an unreferenced workspace package still resolves.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PURE = ['errors', 'send-stream', 'release', 'component', 'plan'];
const WORLD = [...PURE, 'system', 'store', 'cli'];

/** @type {Record<string, string[]>} Which workspace packages each package may import. */
const MAY_IMPORT = {
  errors: [],
  'send-stream': ['errors'],
  release: ['errors'],
  component: ['errors'],
  plan: ['errors'],
  system: ['errors', 'plan'],
  store: ['errors', 'release'],
  cli: ['errors', 'plan'],
  tree: [...PURE, 'system'],
  transfer: [...PURE, 'system', 'store'],
  builder: [...WORLD, 'tree', 'transfer'],
  receiver: [...WORLD, 'tree', 'transfer'],
  action: ['errors', 'release', 'system', 'cli', 'builder'],
  testing: ['errors', 'system'],
};

/** @type {Record<string, string[]>} Outside libraries and the packages that may know them. */
const OWNERS_OF = {
  execa: ['system'],
  'node:child_process': [],
  yaml: ['component', 'cli'],
  semver: ['release'],
  'tar-stream': ['tree'],
  commander: ['cli'],
  vitest: ['testing'],
  '@octokit/rest': ['store'],
  '@octokit/plugin-retry': ['store'],
  '@octokit/plugin-throttling': ['store'],
  'openapi-backend': ['testing'],
  '@actions/core': ['action'],
  '@actions/github': ['action'],
};

/** Names a pure file may not import: it decides and never looks (style: the file name says whether it is pure). */
const IMPURE = /^node:(fs|fs\/promises|child_process|os|net|http|https)$/;
const PURE_FILE = /(^|\/)(plan|parse|render)-[^/]*\.ts$/;

const IMPORT =
  /^(?:import|export)\b[^'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

/** @type {string[]} */
const complaints = [];

for (const name of readdirSync('packages')) {
  const may = MAY_IMPORT[name];
  if (may === undefined) {
    complaints.push(`packages/${name} has no line in scripts/check-boundaries.mjs`);
    continue;
  }
  const src = join('packages', name, 'src');
  for (const file of existsSync(src) ? readdirSync(src, { recursive: true, encoding: 'utf8' }) : []) {
    if (!file.endsWith('.ts')) continue;
    const isTest = file.endsWith('.test.ts');
    const path = join(src, file);
    for (const match of readFileSync(path, 'utf8').matchAll(IMPORT)) {
      const specifier = match[1] ?? match[2] ?? match[3] ?? '';
      const sibling = /^@goldstream\/([^/]+)(\/.*)?$/.exec(specifier);
      if (sibling?.[2]) complaints.push(`${path} reaches inside ${specifier}: import the package's door`);
      if (specifier.startsWith('.') && !specifier.endsWith('.ts') && !specifier.endsWith('.json')) {
        complaints.push(`${path} imports ${specifier} without its extension`);
      }
      if (isTest) continue;
      if (sibling?.[1] !== undefined && !may.includes(sibling[1])) complaints.push(`${path} imports ${specifier}`);
      const owners = OWNERS_OF[specifier];
      if (owners !== undefined && !owners.includes(name)) complaints.push(`${path} imports ${specifier}`);
      if (PURE_FILE.test(file) && IMPURE.test(specifier))
        complaints.push(`${path} is pure by name and imports ${specifier}`);
    }
  }
}

for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length > 0 ? 1 : 0;

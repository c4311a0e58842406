// @ts-check
// Fails when docs/errors.md lacks an error code of a package, has one that no package has, or gives another category or
// exit code. Codes are read from the tables of packages/*/src/error.ts, rows of the page as `| CODE | category → exit |`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = 'docs/errors.md';
const CATEGORIES = 'packages/errors/src/coded-error.ts';

/** A line of a package's table, and of the page. */
const DECLARED = /^ {2}([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+): '([a-z]+)',$/gm;
const DESCRIBED = /^\| `([A-Z0-9_]+)` \| ([^|]+?) \|/gm;

/** Its category is that of its cause, so that it stands in no table. */
const OF_ITS_CAUSE = { code: 'PLAN_STEP_FAILED', text: 'that of its cause' };

/** @type {string[]} */
const complaints = [];

const exitCodes = readExitCodes();
const declared = new Map([[OF_ITS_CAUSE.code, OF_ITS_CAUSE.text], ...readDeclared()]);
const described = readDescribed();

for (const [code, expected] of declared) {
  const found = described.get(code);
  if (found === undefined) complaints.push(`${PAGE} lacks ${code} (${expected})`);
  else if (found !== expected) complaints.push(`${PAGE} says of ${code} “${found}”, expected “${expected}”`);
}
for (const code of described.keys()) {
  if (!declared.has(code)) complaints.push(`${PAGE} has ${code}, which no package has`);
}

for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length > 0 ? 1 : 0;

/** @returns {Map<string, string>} */
function readExitCodes() {
  const [, table = ''] = /EXIT_CODES = \{(.*?)\n\}/s.exec(readFileSync(CATEGORIES, 'utf8')) ?? [];
  const entries = [...table.matchAll(/^ {2}([a-z]+): (\d+),$/gm)];
  if (entries.length === 0) complaints.push(`${CATEGORIES} has no table of exit codes that this check can read`);
  return new Map(entries.map(([, category = '', exitCode = '']) => [category, exitCode]));
}

/** @returns {[string, string][]} */
function readDeclared() {
  return readdirSync('packages').flatMap((name) => {
    const file = join('packages', name, 'src', 'error.ts');
    if (!existsSync(file)) return [];
    return [...readFileSync(file, 'utf8').matchAll(DECLARED)].map(
      ([, code = '', category = '']) =>
        /** @type {[string, string]} */ ([code, `${category} → ${exitCodes.get(category)}`]),
    );
  });
}

/** @returns {Map<string, string>} */
function readDescribed() {
  /** @type {Map<string, string>} */
  const rows = new Map();
  for (const [, code = '', category = ''] of readFileSync(PAGE, 'utf8').matchAll(DESCRIBED)) {
    if (rows.has(code)) complaints.push(`${PAGE} has ${code} twice`);
    rows.set(code, category);
  }
  return rows;
}

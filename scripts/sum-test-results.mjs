// @ts-check
// sum-test-results.mjs DIRECTORY: adds up the reports of vitest's JSON reporter (one *.json a ring) and prints
// `N passed, N failed`, with `, N skipped` when there are any. A test file that could not be loaded is one failure.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ status: string, assertionResults: { status: string }[] }} FileResult */

const [, , directory = '.'] = process.argv;
const sum = { passed: 0, failed: 0, skipped: 0 };

for (const report of readdirSync(directory).filter((name) => name.endsWith('.json'))) {
  /** @type {{ testResults: FileResult[] }} */
  const { testResults } = JSON.parse(readFileSync(join(directory, report), 'utf8'));
  for (const { status, assertionResults } of testResults) {
    const statuses = assertionResults.map((test) => test.status);
    for (const each of statuses) sum[each === 'passed' || each === 'failed' ? each : 'skipped'] += 1;
    if (status === 'failed' && !statuses.includes('failed')) sum.failed += 1;
  }
}

console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`);
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1;

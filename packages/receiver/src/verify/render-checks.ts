import { renderTable } from '@goldstream/cli';
import type { Check, Verdict, Verification } from './check.ts';

const VERDICTS: readonly Verdict[] = ['ok', 'modified', 'missing', 'wrong'];

/** Every check as a line of a table, and their sum. */
export function renderChecks({ checks, ok }: Verification): string {
  if (checks.length === 0) return 'nothing is here to be verified\n';
  const counts = VERDICTS.map((verdict) => ({ verdict, count: countOf(checks, verdict) }))
    .filter(({ verdict, count }) => verdict === 'ok' || count > 0)
    .map(({ verdict, count }) => `${count} ${verdict}`);
  const table = renderTable(checks, [
    { title: 'VERDICT', cell: ({ verdict, acceptable }) => (acceptable ? verdict : verdict.toUpperCase()) },
    { title: 'WHAT', cell: ({ subject }) => subject },
    { title: 'OF IT', cell: ({ aspect }) => aspect },
    { title: '', cell: ({ says }) => says ?? '' },
  ]);
  return `${table}\n${counts.join(', ')}: ${ok ? 'all is as recorded' : 'not all is as recorded'}\n`;
}

function countOf(checks: readonly Check[], verdict: Verdict): number {
  return checks.filter((check) => check.verdict === verdict).length;
}

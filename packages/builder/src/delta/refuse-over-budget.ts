import { formatBytes } from '@goldstream/cli';
import { encodedBytes, type IncrementalStream } from '@goldstream/release';
import { BuilderError } from '../error.ts';
import { renderTopFiles } from './render-report.ts';
import type { DeltaReport } from './report.ts';

/** Files that a refusal names. */
const MOST_NAMED = 5;

/** Causes for which a refusal gives advice, those that cost most. */
const MOST_ADVICE = 3;

/**
 * An incremental that became too large says that golden changed more than was meant; it must not go out unnoticed.
 * @param budget compressed bytes
 * @throws BuilderError `BUILDER_OVER_BUDGET` with what the delta doctor found
 */
export function refuseOverBudget(stream: IncrementalStream, report: DeltaReport, budget: number): void {
  const found = encodedBytes(stream);
  if (found <= budget) return;
  const { wastedBytes, advice } = report;
  const holds = wastedBytes === 0 ? 'nothing of what it sends' : `${formatBytes(wastedBytes)} of what it sends`;
  const top = renderTopFiles(report, MOST_NAMED);
  throw new BuilderError(
    'BUILDER_OVER_BUDGET',
    `the incremental from ${stream.parent.version} has ${size(found)} compressed, allowed are ${size(budget)}; ` +
      `the parent holds ${holds}; most is in ${top === '' ? 'names and attributes' : top}`,
    {
      hint: [
        ...advice.slice(0, MOST_ADVICE).map((one) => one.advice),
        'Or allow more: --max-delta, or budget: in golden.yaml.',
      ].join(' '),
    },
  );
}

function size(bytes: number): string {
  return `${bytes} bytes (${formatBytes(bytes)})`;
}

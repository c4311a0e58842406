import { query, renderTable } from '@goldstream/cli';
import { EXIT_CODES } from '@goldstream/errors';
import { type Check, runChecks } from '../check/run-checks.ts';
import type { Tools } from '../host/tools.ts';

export const check = query({
  name: 'check',
  summary: 'Look at everything a deployment needs, before one is tried',
  examples: ['goldstream-receiver check', 'goldstream-receiver check --json'],
  answer: async (_, tools: Tools) => ({ checks: await runChecks(tools) }),
  render: ({ checks }) => {
    const table = renderTable(checks, [
      { title: '', cell: ({ verdict }: Check) => verdict },
      { title: 'what', cell: ({ name }: Check) => name },
      { title: 'found', cell: ({ found }: Check) => found },
    ]);
    const hints = checks.flatMap(({ name, verdict, hint }) =>
      verdict === 'ok' || hint === undefined ? [] : [`${name}: ${hint}\n`],
    );
    return `${table}${hints.join('')}`;
  },
  // What only trust says no to is another matter than a host that lacks something.
  exitCode: ({ checks }) => {
    const failed = checks.filter(({ verdict }) => verdict === 'fail');
    if (failed.length === 0) return 0;
    return failed.every(({ category }) => category === 'trust') ? EXIT_CODES.trust : EXIT_CODES.environment;
  },
});

import { defineProgram, plannedCommand, query, runMain } from '../src/index.ts';

/** Waits until it is asked to stop, and then cleans up until its stdin ends: the test decides how long that is. */
const wait = plannedCommand({
  name: 'wait',
  summary: 'Wait to be interrupted',
  examples: ['waiting-program wait'],
  plan: async (_, { signal }: Tools) => ({
    goal: signal.aborted ? 'stopped' : 'have waited',
    steps: [{ kind: 'wait' as const, says: 'wait' }],
  }),
  handlers: ({ signal, say }) => ({
    wait: async () => {
      const stdinEnd = new Promise((resolve) => process.stdin.once('end', resolve).resume());
      try {
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      } finally {
        await stdinEnd;
        say('cleaned up');
      }
    },
  }),
});

const flood = query({
  name: 'flood',
  summary: 'Write more than a pipe holds',
  examples: ['waiting-program flood | head -1'],
  answer: async () => 'line\n'.repeat(1_000_000),
  render: (text) => text,
});

interface Tools {
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

await runMain(
  defineProgram({
    name: 'waiting-program',
    version: '1.0.0',
    summary: 'Stand in for a real program',
    commands: [wait, flood],
    makeTools: (_, { signal, say }): Tools => ({ signal, say }),
  }),
);

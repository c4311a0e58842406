import { defineConfig } from 'vitest/config';

// Tests run on the TypeScript sources of every package, never on a stale dist/.
const sources = { resolve: { conditions: ['source'] }, ssr: { resolve: { conditions: ['source'] } } };

// Time limits end what hangs. They say nothing about speed: a busy machine may take ten times as long.
const patient = { testTimeout: 120_000, hookTimeout: 120_000 };

// The rings on real Btrfs need root and loop devices, and share the machine's mount table: one file after the other.
const serial = { fileParallelism: false, testTimeout: 600_000, hookTimeout: 600_000 };

export default defineConfig({
  test: {
    projects: [
      { ...sources, test: { name: 'unit', include: ['packages/*/src/**/*.test.ts'], ...patient } },
      {
        ...sources,
        test: { name: 'integration', include: ['packages/*/test/**/*.integration.test.ts'], ...serial },
      },
      {
        ...sources,
        test: { name: 'acceptance', include: ['packages/*/test/**/*.acceptance.test.ts'], ...serial },
      },
    ],
  },
});

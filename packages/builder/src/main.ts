import { writeSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { runMain } from '@goldstream/cli';
import { Belongings } from './belongings.ts';
import { builderProgram } from './program.ts';

await using belongings = new Belongings();
await runMain(
  builderProgram({
    environment: process.env,
    belongings,
    streams: {
      get input() {
        return process.stdin;
      },
      outputIsTerminal: process.stdout.isTTY === true,
      write: (bytes) => {
        for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written);
      },
      send: async (bytes) => {
        try {
          await pipeline(bytes, process.stdout, { end: false });
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
        }
      },
    },
  }),
);

import { runMain } from '@goldstream/cli';
import { receiver } from './program.ts';

await runMain(receiver);

import { randomUUID } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { respond } from '@goldstream/testing';

type Environment = Readonly<Record<string, string>>;

/** The environment in which a program of ours finds another time of day: as if it were `time` when this is called. */
export function clockAt(time: string): Environment {
  return { ...preloaded('shifted-clock'), TEST_CLOCK_OFFSET: String(Date.parse(time) - Date.now()) };
}

/** A program whose patience is used up without anybody having to wait for it. */
export interface Hurry {
  readonly env: Environment;
  /** From the first time on that this is asked, time flies for the program. */
  from(responder: respond.Responder): respond.Responder;
}

/**
 * Time flies from when a hostile responder is first asked: for one that is silent, limits on waiting are due; for one
 * that sends, so slowly, its `pace` is measured by a faster clock. `directory` is the test's own.
 */
export function hurry(directory: string, by: 'silence' | 'pace'): Hurry {
  const file = join(directory, `hurry-${randomUUID()}`);
  return {
    env: { ...preloaded('hurried-clock'), TEST_HURRY_FILE: file },
    from: (responder) => (request, response) => {
      // By one rename: the program looks at any time.
      writeFileSync(`${file}.new`, by);
      renameSync(`${file}.new`, file);
      responder(request, response);
    },
  };
}

function preloaded(name: string): Environment {
  return { NODE_OPTIONS: `--import=${fileURLToPath(new URL(`preload/${name}.ts`, import.meta.url))}` };
}

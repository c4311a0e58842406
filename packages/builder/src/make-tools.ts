import { resolve } from 'node:path';
import type { CommandIo } from '@goldstream/cli';
import { type GpgHome, systemRunner } from '@goldstream/system';
import type { Belongings } from './belongings.ts';
import { BuilderError } from './error.ts';
import { openGivenHome } from './keys/given-home.ts';
import { type Layout, layoutOf } from './layout.ts';
import { type Recipe, readRecipe } from './recipe/read-recipe.ts';
import type { ByteStreams, Tools } from './tools.ts';

/** What the command line and the process say. */
export interface Surroundings {
  readonly app: string | undefined;
  readonly root: string;
  readonly recipe: string;
  /** Files with secret keys; `-` is standard input. */
  readonly signingKey: readonly string[];
  readonly passphraseFd: number | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly streams: ByteStreams;
  readonly belongings: Belongings;
}

/** The tools of the real builder. Looks at nothing before it is asked to. */
export function makeTools(surroundings: Surroundings, io: CommandIo): Tools {
  const { app, root, recipe, environment, streams, belongings } = surroundings;
  let read: Recipe | undefined;
  let layout: Layout | undefined;
  let given: Promise<GpgHome> | undefined;
  const tools: Tools = {
    runner: systemRunner,
    io,
    streams,
    belongings,
    get recipe() {
      read ??= readRecipe(recipe);
      return read;
    },
    get layout() {
      layout ??= layoutOf(resolve(root), app ?? this.recipe.golden.application);
      return layout;
    },
    gpgHome: async () => {
      if (surroundings.signingKey.length > 0) {
        given ??= openGivenHome(tools, surroundings);
        return given;
      }
      const callers = environment['GNUPGHOME'] !== undefined && environment['GNUPGHOME'] !== '';
      return callers ? { kind: 'callers' } : { kind: 'ours', path: tools.layout.gnupg };
    },
    now: () => releaseTime(environment['SOURCE_DATE_EPOCH']),
    keysAreGiven: surroundings.signingKey.length > 0,
    clock: () => new Date(),
  };
  return tools;
}

/** https://reproducible-builds.org/specs/source-date-epoch/: seconds since 1970 in decimal. */
function releaseTime(epoch: string | undefined): Date {
  if (epoch === undefined || epoch === '') return new Date();
  const date = new Date(Number(epoch) * 1000);
  if (/^\d+$/.test(epoch) && !Number.isNaN(date.valueOf())) return date;
  throw new BuilderError('BUILDER_BAD_DATE', `SOURCE_DATE_EPOCH is ${JSON.stringify(epoch)}, expected seconds`, {
    hint: 'Set it to what `git log -1 --format=%ct` prints, or unset it.',
  });
}

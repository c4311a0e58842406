import { type CommandIo, defineProgram } from '@goldstream/cli';
import { isApplicationName } from '@goldstream/release';
import { channel } from './commands/channel.ts';
import { diff } from './commands/diff.ts';
import { golden } from './commands/golden.ts';
import { init } from './commands/init.ts';
import { inspect } from './commands/inspect.ts';
import { keys } from './commands/keys.ts';
import { rehydrate } from './commands/rehydrate.ts';
import { release } from './commands/release.ts';
import { send } from './commands/send.ts';
import { snapshot } from './commands/snapshot.ts';
import { makeTools, type Surroundings } from './make-tools.ts';
import type { Tools } from './tools.ts';
import { PROGRAM_VERSION } from './version.ts';

/** The command line of the builder, in the given surroundings. */
export function builderProgram(surroundings: Pick<Surroundings, 'environment' | 'streams' | 'belongings'>) {
  return defineProgram({
    name: 'goldstream-builder',
    version: PROGRAM_VERSION,
    summary: 'Build a golden Btrfs subvolume and release it as signed send streams',
    examples: [
      'goldstream-builder init && goldstream-builder keys create',
      'goldstream-builder golden update && goldstream-builder snapshot v1.3.0',
      'goldstream-builder release v1.3.0 --to dir:/srv/releases',
      'goldstream-builder channel set stable v1.3.0 --rollout 20% --over 48h',
    ],
    globalOptions: {
      app: { type: 'parsed', parse: parseApplication, placeholder: 'name', summary: 'default: that of golden.yaml' },
      root: { type: 'string', placeholder: 'dir', summary: 'all paths of the builder lie below it', default: '/' },
      recipe: { type: 'string', placeholder: 'dir', summary: 'folder that holds golden.yaml', default: './golden' },
      signingKey: {
        type: 'string',
        repeatable: true,
        placeholder: 'file',
        summary: 'sign with this secret key for this run; - reads it from standard input',
      },
      passphraseFd: {
        type: 'integer',
        min: 0,
        max: 1023,
        placeholder: 'descriptor',
        summary: 'open descriptor to read the passphrase of --signing-key from',
      },
    },
    commands: [init, golden, snapshot, send, release, rehydrate, channel, diff, inspect, keys],
    makeTools: (globals, io: CommandIo): Tools => makeTools({ ...surroundings, ...globals }, io),
  });
}

function parseApplication(text: string): string {
  if (isApplicationName(text)) return text;
  throw new Error('expected lower-case letters, digits and single dashes, a letter first');
}

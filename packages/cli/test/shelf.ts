import { type Category, errorsOf } from '@goldstream/errors';
import { continuing, type Handlers, type Plan } from '@goldstream/plan';
import { type CommandIo, defineProgram, plannedCommand, query } from '../src/index.ts';

const CATEGORY_OF = { SHELF_BAD_VERSION: 'input', SHELF_WRONG_DIGEST: 'trust' } as const satisfies Record<
  string,
  Category
>;
export class ShelfError extends errorsOf(CATEGORY_OF) {}

export type ShelfStep =
  | { readonly kind: 'fetch'; readonly says: string; readonly bytes: bigint }
  | { readonly kind: 'place'; readonly says: string; readonly at: string };

/** What the commands of this program were seen to do. */
export interface ShelfTools {
  readonly io: CommandIo;
  readonly app: string | undefined;
  readonly root: string;
  readonly seen: string[];
  /** Runs inside the handler of `fetch`. */
  readonly whileFetching: () => void | Promise<void>;
}

const handlers = ({ seen, whileFetching }: ShelfTools): Handlers<ShelfStep> => ({
  fetch: async ({ bytes }) => {
    seen.push(`fetch ${bytes}`);
    await whileFetching();
  },
  place: async ({ at }) => void seen.push(`place ${at}`),
});

function planPlace(version: string, root: string): Plan<ShelfStep> {
  return {
    goal: `have ${version}`,
    notes: ['nothing restarts'],
    steps: [
      { kind: 'fetch', says: 'fetch the full stream (5 bytes)', bytes: 5n },
      { kind: 'place', says: `place it as ${root}/${version}`, at: `${root}/${version}` },
    ],
  };
}

function parseVersion(text: string): { readonly major: number; readonly text: string } {
  const [, major] = /^v(\d+)\.\d+\.\d+$/.exec(text) ?? [];
  if (major === undefined) {
    throw new ShelfError('SHELF_BAD_VERSION', `"${text}" is not of the form v1.2.3`, { hint: 'Write v1.2.3.' });
  }
  return { major: Number(major), text };
}

const upgrade = plannedCommand({
  name: 'upgrade',
  summary: 'Switch to another version',
  examples: ['shelf upgrade v1.3.0', 'shelf upgrade v1.2.0 v1.3.0 --dry-run'],
  arguments: {
    from: { type: 'parsed', parse: parseVersion, summary: 'version that must be active now', optional: true },
    to: { type: 'parsed', parse: parseVersion, summary: 'version to run' },
  },
  options: {
    partSize: { type: 'size', summary: 'size of one part', default: '1.9GiB' },
    keep: { type: 'integer', min: 1, max: 9, summary: 'versions to keep', short: 'k' },
    edited: { type: 'choice', choices: ['keep', 'vendor', 'stop'], summary: 'what wins', default: 'keep' },
    parent: { type: 'string', placeholder: 'version', summary: 'offer a delta from it', repeatable: true },
    allowUnsigned: { type: 'boolean', summary: 'skip the signature, this time only' },
  },
  plan: async ({ to }, { root, seen, app }: ShelfTools) => {
    seen.push('plan');
    const plan = planPlace(to.text, root);
    return app === 'continuing' ? { ...plan, steps: continuing(plan.steps) } : plan;
  },
  handlers,
  bracket: async ({ seen }, work) => {
    seen.push('lock');
    try {
      await work();
    } finally {
      seen.push('unlock');
    }
  },
  result: async (values, { app }) => ({ app, ...values }),
  render: ({ to, partSize }) => `${to.text} runs, parts of ${partSize} bytes\n`,
});

const clean = plannedCommand({
  name: 'clean',
  summary: 'Remove what nobody needs',
  examples: ['shelf clean'],
  plan: async (_, { root }: ShelfTools): Promise<Plan<ShelfStep>> => ({ goal: `${root} is clean`, steps: [] }),
  handlers,
});

const status = query({
  name: 'status',
  summary: 'Show what runs',
  examples: ['shelf status --json'],
  answer: async (_, { app }: ShelfTools) => ({ app, active: 'v1.2.0', transid: 12n }),
  render: ({ active }) => `active ${active}\n`,
});

const verify = query({
  name: 'verify',
  summary: 'Compare with the digest',
  examples: ['shelf verify v1.2.0'],
  arguments: { versions: { type: 'string', summary: 'versions to look at', variadic: true, optional: true } },
  options: { reason: { type: 'string', summary: 'why', required: true } },
  answer: async ({ versions, reason }, _: ShelfTools) => ({ versions, reason }),
  render: ({ versions }) => `${versions.length} looked at\n`,
  exitCode: ({ versions }) => (versions.includes('bad') ? 5 : 0),
});

/** A small program with everything in it. `loaded` remembers which lazy modules were asked for. */
export function shelf(whileFetching: (io: CommandIo) => void | Promise<void> = () => {}) {
  const seen: string[] = [];
  const loaded: string[] = [];
  const lazily = <C>(name: string, command: C) => {
    return async () => {
      loaded.push(name);
      return command;
    };
  };
  const program = defineProgram({
    name: 'shelf',
    version: '1.4.0',
    summary: 'Keep versions on a shelf',
    examples: ['shelf status', 'shelf --app op-dbus upgrade v1.3.0'],
    globalOptions: {
      app: { type: 'string', placeholder: 'name', summary: 'application; default: the only one configured' },
      root: { type: 'string', placeholder: 'directory', summary: 'all host paths lie below it', default: '/' },
    },
    commands: [
      { name: 'upgrade', summary: 'Switch to another version', load: lazily('upgrade', upgrade) },
      status,
      { name: 'verify', summary: 'Compare with the digest', load: lazily('verify', verify) },
      {
        name: 'golden',
        summary: 'Work on the golden subvolume',
        commands: [clean, { name: 'check', summary: 'Say no', load: lazily('check', verify) }],
      },
    ],
    makeTools: ({ app, root }, io): ShelfTools => {
      seen.push('tools');
      return { io, app, root, seen, whileFetching: () => whileFetching(io) };
    },
  });
  return { program, seen, loaded };
}

import type { Handlers, Plan } from '@goldstream/plan';
import { describe, expectTypeOf, it } from 'vitest';
import { type CommandIo, defineProgram, plannedCommand, query } from './index.ts';

type StageStep = { kind: 'fetch'; says: string; from: string } | { kind: 'mark'; says: string };
interface Tools {
  store: string;
}
declare function planStage(channel: string): Plan<StageStep>;
declare function stageHandlers(tools: Tools): Handlers<StageStep>;

describe('types', () => {
  it('gives', () => {
    const stage = plannedCommand({
      name: 'stage',
      summary: 'Receive',
      examples: ['x stage'],
      arguments: {
        from: { type: 'string', summary: 'assertion', optional: true },
        to: { type: 'parsed', summary: 'version', parse: (text: string) => ({ v: text }) },
      },
      options: {
        channel: { type: 'string', summary: 'c', default: 'stable' },
        partSize: { type: 'size', summary: 'c' },
        kind: { type: 'choice', choices: ['full', 'incremental'], summary: 'k' },
        force: { type: 'boolean', summary: 'f' },
        parent: { type: 'string', summary: 'f', repeatable: true },
      },
      plan: async ({ channel, partSize, kind, force, parent, from, to }, { store }: Tools) => {
        expectTypeOf(channel).toEqualTypeOf<string>();
        expectTypeOf(partSize).toEqualTypeOf<number | undefined>();
        expectTypeOf(kind).toEqualTypeOf<'full' | 'incremental' | undefined>();
        expectTypeOf(force).toEqualTypeOf<boolean>();
        expectTypeOf(parent).toEqualTypeOf<readonly string[]>();
        expectTypeOf(from).toEqualTypeOf<string | undefined>();
        expectTypeOf(to).toEqualTypeOf<{ v: string }>();
        return planStage(channel + store);
      },
      handlers: stageHandlers,
      result: async ({ channel }, { store }) => ({ channel, store }),
      render: ({ channel }) => channel,
    });
    const q = query({
      name: 'q',
      summary: 's',
      examples: [],
      answer: async (_, tools: Tools) => [tools.store],
      render: (all) => all.join(','),
    });
    const p = defineProgram({
      name: 'x',
      version: '1',
      summary: 'x',
      globalOptions: { app: { type: 'string', summary: 'a' }, root: { type: 'string', summary: 'a', default: '/' } },
      commands: [
        stage,
        q,
        { name: 'g', summary: 'G', commands: [q, { name: 'l', summary: 'L', load: async () => q }] },
      ],
      makeTools: ({ app, root }, io: CommandIo): Tools => {
        expectTypeOf(app).toEqualTypeOf<string | undefined>();
        expectTypeOf(root).toEqualTypeOf<string>();
        io.say(root);
        return { store: root };
      },
    });
    void p;
  });
});

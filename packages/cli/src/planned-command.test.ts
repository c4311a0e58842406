import type { Handlers, Plan } from '@goldstream/plan';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { recordedRun } from '../test/recorded-run.ts';
import { ShelfError, type ShelfStep, shelf } from '../test/shelf.ts';
import { plannedCommand } from './index.ts';

describe('a planned command', () => {
  it('does the steps between taking and giving back its bracket, and prints only the result on stdout', async () => {
    const { program, seen } = shelf();
    expect(await recordedRun(program, ['upgrade', 'v1.3.0'])).toEqual({
      exitCode: 0,
      out: 'v1.3.0 runs, parts of 2040109465 bytes\n',
      err: 'have v1.3.0:\nnote: nothing restarts\n[1/2] fetch the full stream (5 bytes)\n[2/2] place it as //v1.3.0\nhave v1.3.0: done\n',
    });
    expect(seen).toEqual(['tools', 'lock', 'plan', 'fetch 5', 'place //v1.3.0', 'unlock']);
  });

  it('prints the plan and runs no handler with --dry-run, and takes no lock', async () => {
    const { program, seen } = shelf();
    expect(await recordedRun(program, ['upgrade', 'v1.3.0', '--dry-run'])).toEqual({
      exitCode: 0,
      out: 'have v1.3.0:\n  note: nothing restarts\n  1. fetch the full stream (5 bytes)\n  2. place it as //v1.3.0\n',
      err: '',
    });
    expect(seen).toEqual(['tools', 'plan']);
  });

  it('prints the plan as JSON with --dry-run --json', async () => {
    const { program, seen } = shelf();
    const { out } = await recordedRun(program, ['--json', 'upgrade', '--dry-run', 'v1.3.0']);
    expect(JSON.parse(out)).toEqual({
      goal: 'have v1.3.0',
      notes: ['nothing restarts'],
      steps: [
        { kind: 'fetch', says: 'fetch the full stream (5 bytes)', bytes: '5' },
        { kind: 'place', says: 'place it as //v1.3.0', at: '//v1.3.0' },
      ],
    });
    expect(seen).not.toContain('fetch 5');
  });

  it('prints one JSON object with goal, steps done, milliseconds and result with --json', async () => {
    const { program } = shelf();
    const { out } = await recordedRun(program, ['upgrade', 'v1.3.0', '--json', '--app', 'op-dbus']);
    expect(JSON.parse(out)).toMatchObject({
      goal: 'have v1.3.0',
      steps: [
        { kind: 'fetch', milliseconds: 0 },
        { kind: 'place', milliseconds: 0 },
      ],
      milliseconds: 0,
      result: { app: 'op-dbus', to: { text: 'v1.3.0' } },
    });
  });

  it('says that the goal is reached when it has no result of its own', async () => {
    const run = await recordedRun(shelf().program, ['golden', 'clean', '--root', '/srv']);
    expect(run).toEqual({ exitCode: 0, out: '/srv is clean: nothing to do\n', err: '' });
  });

  it('says with a failed step where it stopped and why, and gives its bracket back', async () => {
    const { program, seen } = shelf(() => {
      throw new ShelfError('SHELF_WRONG_DIGEST', 'found abc, expected def');
    });
    const { exitCode, err } = await recordedRun(program, ['upgrade', 'v1.3.0', '-q']);
    expect(exitCode).toBe(5);
    expect(err).toBe(
      'PLAN_STEP_FAILED: stopped at step 1: fetch the full stream (5 bytes)\n' +
        '  because SHELF_WRONG_DIGEST: found abc, expected def\n',
    );
    expect(seen.at(-1)).toBe('unlock');
  });

  it('tells progress and warnings on stderr, and only warnings with --quiet', async () => {
    const work = ({ say, warn, progress }: Parameters<Parameters<typeof shelf>[0] & object>[0]) => {
      say('from the mirror');
      warn('the signature was not checked');
      progress.start({ label: 'fetch', totalBytes: 4 });
      progress.advance(4);
      progress.stop();
    };
    const loud = await recordedRun(shelf(work).program, ['upgrade', 'v1.3.0']);
    expect(loud.err).toContain('from the mirror\nthe signature was not checked\n  fetch: 4 B\n  fetch: 4 B in 0 ms\n');
    const quiet = await recordedRun(shelf(work).program, ['upgrade', 'v1.3.0', '--quiet']);
    expect(quiet).toEqual({ exitCode: 0, out: loud.out, err: 'the signature was not checked\n' });
  });

  it('tells how long a step took when that is worth a line', async () => {
    let clock = 0;
    const { program } = shelf(() => {
      clock += 1_234;
    });
    const { err } = await recordedRun(program, ['upgrade', 'v1.3.0'], { now: () => clock });
    expect(err).toContain('[1/2] fetch the full stream (5 bytes)\n[1/2] done in 1.2 s\n[2/2] place');
    const { out } = await recordedRun(program, ['upgrade', 'v1.3.0', '--json'], { now: () => clock });
    expect(JSON.parse(out)).toMatchObject({ steps: [{ milliseconds: 1234 }, { milliseconds: 0 }], milliseconds: 1234 });
  });

  it('does not compile when a kind of step has no handler', () => {
    const declared = {
      name: 'x',
      summary: 'X',
      examples: [],
      plan: async (): Promise<Plan<ShelfStep>> => ({ goal: 'x', steps: [] }),
    };
    // @ts-expect-error `place` has no handler.
    plannedCommand({ ...declared, handlers: () => ({ fetch: async () => {} }) });
    plannedCommand({
      ...declared,
      handlers: () => ({
        fetch: async ({ bytes }) => void expectTypeOf(bytes).toEqualTypeOf<bigint>(),
        place: async () => {},
      }),
    });
    expectTypeOf<keyof Handlers<ShelfStep>>().toEqualTypeOf<'fetch' | 'place'>();
  });

  it('does not compile when it asks for a value that it did not declare', () => {
    plannedCommand({
      name: 'x',
      summary: 'X',
      examples: [],
      options: { store: { type: 'string', summary: 'S' } },
      // @ts-expect-error there is no option `shop`.
      plan: async ({ store, shop }): Promise<Plan<ShelfStep>> => ({ goal: `${store} ${shop}`, steps: [] }),
      handlers: () => ({ fetch: async () => {}, place: async () => {} }),
    });
  });
});

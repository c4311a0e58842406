import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordedRun } from '../test/recorded-run.ts';
import { ShelfError, shelf } from '../test/shelf.ts';
import { CliError, defineProgram, query } from './index.ts';

const run = (...argv: string[]) => recordedRun(shelf().program, argv);

describe('help', () => {
  it('of the program lists every summary and loads no command', async () => {
    const { program, loaded, seen } = shelf();
    const { exitCode, out, err } = await recordedRun(program, ['--help']);
    expect({ exitCode, err, loaded, seen }).toEqual({ exitCode: 0, err: '', loaded: [], seen: [] });
    expect(out).toMatchInlineSnapshot(`
      "Usage: shelf [options] <command>

      Keep versions on a shelf.

      Options:
        -V, --version       print the version
        --app <name>        application; default: the only one configured
        --root <directory>  all host paths lie below it (default: /)
        -q, --quiet         tell only warnings and errors
        --json              print the result as JSON
        -h, --help          print this help

      Commands:
        upgrade             Switch to another version
        status              Show what runs
        verify              Compare with the digest
        golden              Work on the golden subvolume

      Examples:
        shelf status
        shelf --app op-dbus upgrade v1.3.0
      "
    `);
  });

  it('of a planned command shows arguments, options, --dry-run, globals and examples', async () => {
    const { program, loaded } = shelf();
    const { exitCode, out } = await recordedRun(program, ['upgrade', '--help']);
    expect({ exitCode, loaded }).toEqual({ exitCode: 0, loaded: ['upgrade'] });
    expect(out).toMatchInlineSnapshot(`
      "Usage: shelf upgrade [options] [from] <to>

      Switch to another version.

      Arguments:
        from                 version that must be active now
        to                   version to run

      Options:
        --part-size <size>   size of one part (default: 1.9GiB)
        -k, --keep <number>  versions to keep
        --edited <choice>    what wins (keep | vendor | stop; default: keep)
        --parent <version>   offer a delta from it (repeatable)
        --allow-unsigned     skip the signature, this time only
        --dry-run            print the plan and change nothing
        -h, --help           print this help

      Global Options:
        -V, --version        print the version
        --app <name>         application; default: the only one configured
        --root <directory>   all host paths lie below it (default: /)
        -q, --quiet          tell only warnings and errors
        --json               print the result as JSON

      Examples:
        shelf upgrade v1.3.0
        shelf upgrade v1.2.0 v1.3.0 --dry-run
      "
    `);
  });

  it('of a group lists its commands and loads none', async () => {
    const { program, loaded } = shelf();
    const { out } = await recordedRun(program, ['golden', '-h']);
    expect(loaded).toEqual([]);
    expect(out).toMatchInlineSnapshot(`
      "Usage: shelf golden <command>

      Work on the golden subvolume.

      Options:
        -h, --help          print this help

      Global Options:
        -V, --version       print the version
        --app <name>        application; default: the only one configured
        --root <directory>  all host paths lie below it (default: /)
        -q, --quiet         tell only warnings and errors
        --json              print the result as JSON

      Commands:
        clean               Remove what nobody needs
        check               Say no
      "
    `);
  });

  it('is the same as `help NAME`, at any depth', async () => {
    expect(await run('help', 'golden', 'clean')).toEqual(await run('golden', 'clean', '--help'));
    expect(await run('help')).toEqual(await run('--help'));
  });

  it('goes to stderr, with exit code 2, when no command was named', async () => {
    const { out } = await run('--help');
    expect(await run()).toEqual({ exitCode: 2, out: '', err: out });
    expect(await run('golden')).toMatchObject({ exitCode: 2, out: '' });
  });
});

describe('a command line', () => {
  it('prints the version', async () => {
    expect(await run('--version')).toEqual({ exitCode: 0, out: '1.4.0\n', err: '' });
  });

  it('with an unknown command is refused with the nearest one', async () => {
    expect(await run('updrade')).toEqual({
      exitCode: 2,
      out: '',
      err: "CLI_USAGE: unknown command 'updrade'\n  hint: Did you mean upgrade?\n",
    });
    expect((await run('golden', 'claen')).err).toContain('Did you mean clean?');
  });

  it('with an unknown option is refused with the nearest one, own or global', async () => {
    expect((await run('upgrade', 'v1.0.0', '--partsize', '4')).err).toBe(
      "CLI_USAGE: unknown option '--partsize'\n  hint: Did you mean --part-size?\n",
    );
    expect((await run('status', '--rot', '/')).err).toContain('Did you mean --root?');
    expect(await run('status', '--zzzzzzzz')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('shelf --help'),
    });
  });

  it('that is wrong is refused before anything is looked at', async () => {
    const { program, seen } = shelf();
    const { exitCode, err } = await recordedRun(program, ['upgrade']);
    expect({ exitCode, err }).toEqual({
      exitCode: 2,
      err: 'CLI_USAGE: <to> is missing\n  hint: See shelf upgrade --help.\n',
    });
    expect(seen).toEqual([]);
  });

  it('takes words behind -- as they are', async () => {
    const { out } = await run('verify', '--reason', 'x', '--', '--json', '-q');
    expect(out).toBe('2 looked at\n');
  });

  it('is not at the mercy of a bad program: names that clash are a bug', async () => {
    const status = query({
      name: 'status',
      summary: 'S',
      examples: [],
      options: { json: { type: 'boolean', summary: 'mine' } },
      answer: async () => 1,
      render: String,
    });
    const program = defineProgram({
      name: 'x',
      version: '1.0.0',
      summary: 'X',
      commands: [status],
      makeTools: () => ({}),
    });
    expect(await recordedRun(program, ['status'])).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('status cannot have an option of its own called json'),
    });
  });

  it('of any words ends with an exit code that is not a bug, and never throws', async () => {
    const pool = [
      'help',
      '--help',
      'status',
      'upgrade',
      'verify',
      'golden',
      'clean',
      '--',
      '-',
      '--app',
      '--root=/',
      '-qk',
    ];
    const more = ['v1.2.3', '--json', '--part-size', '8GiB', '--keep=3', '--reason', '__proto__', '--__proto__', ''];
    const word = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...pool, ...more) }, fc.string());
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (argv) => {
        const { exitCode, out } = await run(...argv);
        expect([0, 2]).toContain(exitCode);
        if (exitCode === 2 && out !== '') expect(JSON.parse(out)).toHaveProperty('error.code', 'CLI_USAGE');
      }),
    );
  });

  it('reaches a module only under the name and summary that the list shows', async () => {
    expect(await run('golden', 'check')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('check is listed as "Say no", its module says verify: "Compare with the digest"'),
    });
  });
});

describe('an error', () => {
  const failing = shelf(() => {
    throw new ShelfError('SHELF_WRONG_DIGEST', 'found abc, expected def', { hint: 'Fetch it again.' });
  }).program;

  it('is also one JSON document on stdout with --json', async () => {
    const { exitCode, out, err } = await recordedRun(failing, ['upgrade', 'v1.3.0', '--json']);
    expect(exitCode).toBe(5);
    expect(err).toContain('because SHELF_WRONG_DIGEST: found abc, expected def\n  hint: Fetch it again.\n');
    expect(JSON.parse(out)).toEqual({
      error: {
        code: 'PLAN_STEP_FAILED',
        category: 'trust',
        message: 'stopped at step 1: fetch the full stream (5 bytes)',
        hint: 'Fetch it again.',
        because: [{ code: 'SHELF_WRONG_DIGEST', message: 'found abc, expected def' }],
      },
    });
  });

  it('of the command line is JSON too', async () => {
    const { out } = await run('nothing', '--json');
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'CLI_USAGE', category: 'usage' } });
  });

  it('that nobody expected is a bug with exit code 1', async () => {
    const { program } = shelf(() => {
      throw new RangeError('out of range');
    });
    const { exitCode, out } = await recordedRun(program, ['upgrade', 'v1.3.0', '--json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(out).error.because).toEqual([{ code: 'BUG', message: 'RangeError: out of range' }]);
  });

  it('has no power over the terminal, whatever it quotes', async () => {
    const { program } = shelf(({ say }) => {
      say('found a\u001b[2Jb\nc');
      throw new ShelfError('SHELF_WRONG_DIGEST', 'file \u001b]0;x\u0007 and \u009b1m');
    });
    const { out, err } = await recordedRun(program, ['upgrade', 'v1.3.0', '--json'], { columns: 80 });
    expect(err).toContain('found a\\x1b[2Jb\\nc\n');
    expect(err).toContain('file \\x1b]0;x\\x07 and \\x9b1m\n');
    expect(JSON.parse(out).error.because[0].message).toBe('file \u001b]0;x\u0007 and \u009b1m');
    expect(out + err).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  it('starts on a line of its own when it breaks into a progress line', async () => {
    const { program } = shelf(({ progress }) => {
      progress.start({ label: 'fetch', totalBytes: 10 });
      throw new ShelfError('SHELF_WRONG_DIGEST', 'no');
    });
    const { err } = await recordedRun(program, ['upgrade', 'v1.3.0'], { columns: 80 });
    expect(err).toMatch(/\nPLAN_STEP_FAILED: /);
  });
});

describe('an interruption', () => {
  const stop = new CliError('CLI_INTERRUPTED', 'asked to stop by SIGINT', { hint: 'Run the same command again.' });

  it('lets the step that runs finish, starts no other, cleans up and ends with 130', async () => {
    const controller = new AbortController();
    const { program, seen } = shelf(() => controller.abort(stop));
    const { exitCode, out, err } = await recordedRun(program, ['upgrade', 'v1.3.0', '-q'], {
      signal: controller.signal,
    });
    expect({ exitCode, out }).toEqual({ exitCode: 130, out: '' });
    expect(err).toBe(
      'CLI_INTERRUPTED: stopped before step 2 of 2: place it as //v1.3.0\n' +
        '  because CLI_INTERRUPTED: asked to stop by SIGINT\n  hint: Run the same command again.\n',
    );
    expect(seen).toEqual(['tools', 'lock', 'plan', 'fetch 5', 'unlock']);
  });

  it('waits for the steps that continue the one that runs', async () => {
    const controller = new AbortController();
    const { program, seen } = shelf(() => controller.abort(stop));
    const { exitCode } = await recordedRun(program, ['upgrade', 'v1.3.0', '-q', '--app', 'continuing'], {
      signal: controller.signal,
    });
    expect(seen).toEqual(['tools', 'lock', 'plan', 'fetch 5', 'place //v1.3.0', 'unlock']);
    expect(exitCode).toBe(0);
  });

  it('that a step obeys at once ends with 130', async () => {
    const controller = new AbortController();
    const { program } = shelf(({ signal }) => {
      controller.abort(stop);
      signal.throwIfAborted();
    });
    const { exitCode, err } = await recordedRun(program, ['upgrade', 'v1.3.0', '-q'], { signal: controller.signal });
    expect(exitCode).toBe(130);
    expect(err).toContain('because CLI_INTERRUPTED: asked to stop by SIGINT');
  });

  it('is the reason of every failure that follows it', async () => {
    const controller = new AbortController();
    const { program } = shelf(() => {
      controller.abort(stop);
      throw new ShelfError('SHELF_WRONG_DIGEST', 'cut off');
    });
    const { exitCode, out } = await recordedRun(program, ['upgrade', 'v1.3.0', '--json'], {
      signal: controller.signal,
    });
    expect(exitCode).toBe(130);
    expect(JSON.parse(out).error).toMatchObject({
      code: 'CLI_INTERRUPTED',
      message: 'asked to stop by SIGINT',
      because: [{ code: 'PLAN_STEP_FAILED' }, { code: 'SHELF_WRONG_DIGEST' }],
    });
  });

  it('behind the last step changes nothing: what is done is done', async () => {
    const done = await recordedRun(shelf().program, ['golden', 'clean'], { signal: AbortSignal.abort(stop) });
    expect(done).toMatchObject({ exitCode: 0 });
  });
});

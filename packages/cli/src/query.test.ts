import { describe, expect, it } from 'vitest';
import { recordedRun } from '../test/recorded-run.ts';
import { shelf } from '../test/shelf.ts';

describe('a query', () => {
  it('prints its answer as text', async () => {
    expect(await recordedRun(shelf().program, ['status'])).toEqual({ exitCode: 0, out: 'active v1.2.0\n', err: '' });
  });

  it('prints its answer as JSON with --json, before or behind the name', async () => {
    const before = await recordedRun(shelf().program, ['--json', '--app', 'a', 'status']);
    const behind = await recordedRun(shelf().program, ['status', '--app=a', '--json']);
    expect(JSON.parse(before.out)).toEqual({ app: 'a', active: 'v1.2.0', transid: '12' });
    expect(behind).toEqual(before);
  });

  it('ends with the exit code that its answer means', async () => {
    const run = await recordedRun(shelf().program, ['verify', 'v1', 'bad', '--reason', 'night']);
    expect(run).toEqual({ exitCode: 5, out: '2 looked at\n', err: '' });
  });

  it('knows no --dry-run', async () => {
    const run = await recordedRun(shelf().program, ['status', '--dry-run']);
    expect(run.exitCode).toBe(2);
    expect(run.err).toContain("unknown option '--dry-run'");
  });
});

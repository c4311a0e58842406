import { recordingRunner } from '@goldstream/testing';
import { describe, expect, it } from 'vitest';
import { journalFor } from './journal.ts';

describe('journalFor', () => {
  it('calls nothing for a tree', async () => {
    const runner = recordingRunner();
    const journal = journalFor(runner, '/srv/tree');
    await journal.write({ MESSAGE: 'hello' });
    expect([journal.live, await journal.read({ A: 'b' }, ['MESSAGE']), runner.lines]).toEqual([false, [], []]);
  });

  it('hands fields to logger on its standard input, never as arguments', async () => {
    const runner = recordingRunner({ 'logger --journald': '' });
    await journalFor(runner, '/', true).write({ MESSAGE: '--help\nA=b' });
    expect(runner.recorded).toMatchObject([
      { command: ['logger', '--journald'], options: { input: 'MESSAGE=--help\\x0aA=b\n' } },
    ]);
  });

  it('reads what root wrote, and of its fields those that are text', async () => {
    const runner = recordingRunner({ journalctl: '{"A":"1","B":[255],"C":"x"}\n{"B":null}\n' });
    expect(await journalFor(runner, '/', true).read({ NAME: 'app' }, ['A', 'B'])).toEqual([{ A: '1' }, {}]);
    expect(runner.lines).toEqual([
      'journalctl --quiet --output=json --output-fields=A,B --lines=10000 _UID=0 NAME=app',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { lineProgress } from './line-progress.ts';
import { renderProgressLine } from './render-progress.ts';
import { terminalProgress } from './terminal-progress.ts';

const MiB = 1024 ** 2;

/** A clock that is set by hand. */
function handClock() {
  const clock = { at: 0, now: () => clock.at };
  return clock;
}

describe('a progress line', () => {
  const facts = { label: 'fetch', doneBytes: 10 * MiB, totalBytes: 40 * MiB, elapsed: 2000 };

  it('shows label, bar, bytes, rate and time left', () => {
    expect(renderProgressLine(facts, 120)).toBe(
      'fetch [######                  ] 25.0 % · 10.0 MiB of 40.0 MiB · 5.0 MiB/s · 6.0 s left',
    );
  });

  it('shows no bar when the total is not known', () => {
    expect(renderProgressLine({ ...facts, totalBytes: undefined }, 120)).toBe('fetch 10.0 MiB · 5.0 MiB/s');
  });

  it('never wraps, and never passes 100 %', () => {
    expect(renderProgressLine(facts, 20)).toHaveLength(19);
    expect(renderProgressLine({ ...facts, doneBytes: 50 * MiB }, 120)).toContain('100.0 %');
    expect(renderProgressLine({ ...facts, doneBytes: 0, totalBytes: 0, elapsed: 0 }, 120)).toContain('100.0 %');
  });
});

describe('progress on a terminal', () => {
  it('redraws one line at most every 100 ms, and ends with what was done', () => {
    const clock = handClock();
    const written: string[] = [];
    const { progress } = terminalProgress(
      (text) => written.push(text),
      () => 80,
      clock.now,
    );
    progress.start({ label: 'fetch', totalBytes: 100 });
    for (let i = 0; i < 100; i += 1) {
      clock.at += 10;
      progress.advance(1);
    }
    progress.stop();
    expect(written).toHaveLength(1 + 10 + 1);
    expect(written.every((text) => text.startsWith('\r\u001b[K'))).toBe(true);
    expect(written.filter((text) => text.includes('\n'))).toEqual(['\r\u001b[K  fetch: 100 B in 1.0 s\n']);
  });

  it('lets the story pass above the line', () => {
    const written: string[] = [];
    const { progress, above } = terminalProgress(
      (text) => written.push(text),
      () => 80,
      () => 0,
    );
    above('before');
    progress.start({ label: 'fetch' });
    above('meanwhile');
    progress.stop();
    above('after');
    expect(written.map((text) => text.replaceAll('\r\u001b[K', '<erase>'))).toEqual([
      'before\n',
      '<erase>fetch 0 B',
      '<erase>meanwhile\n',
      '<erase>fetch 0 B',
      '<erase>  fetch: 0 B in 0 ms\n',
      'after\n',
    ]);
  });
});

describe('progress in a log', () => {
  const setUp = () => {
    const clock = handClock();
    const lines: string[] = [];
    return { clock, lines, progress: lineProgress((line) => lines.push(line), clock.now) };
  };

  it('writes a line at the start, at every tenth and at the end', () => {
    const { clock, lines, progress } = setUp();
    progress.start({ label: 'fetch', totalBytes: 100 });
    for (let i = 0; i < 100; i += 1) {
      clock.at += 100;
      progress.advance(1);
    }
    progress.stop();
    expect(lines).toHaveLength(1 + 9 + 1);
    expect([lines[0], lines[5], lines[10]]).toEqual([
      '  fetch: 100 B',
      '  fetch: 50.0 % · 50 B of 100 B · 10 B/s · 5.0 s left',
      '  fetch: 100 B in 10.0 s',
    ]);
  });

  it('writes a line at the start and at the end of what takes a moment', () => {
    const { clock, lines, progress } = setUp();
    progress.start({ label: 'fetch', totalBytes: 100 });
    for (let i = 0; i < 100; i += 1) {
      clock.at += 1;
      progress.advance(1);
    }
    progress.stop();
    expect(lines).toEqual(['  fetch: 100 B', '  fetch: 100 B in 100 ms']);
  });

  it('writes every 10 s when a tenth takes longer or the size is not known', () => {
    const { clock, lines, progress } = setUp();
    progress.start({ label: 'send' });
    for (let i = 0; i < 25; i += 1) {
      clock.at += 1000;
      progress.advance(MiB);
    }
    expect(lines).toEqual(['  send: size not known', '  send: 10.0 MiB · 1.0 MiB/s', '  send: 20.0 MiB · 1.0 MiB/s']);
  });

  it('ends one piece of work before it starts the next, and forgets bytes without work', () => {
    const { lines, progress } = setUp();
    progress.advance(5);
    progress.start({ label: 'one' });
    progress.start({ label: 'two' });
    progress.stop();
    progress.stop();
    expect(lines).toEqual([
      '  one: size not known',
      '  one: 0 B in 0 ms',
      '  two: size not known',
      '  two: 0 B in 0 ms',
    ]);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { unlessStalled } from './unless-stalled.ts';

const SIGNAL = new AbortController().signal;
const patience = (signal = SIGNAL) => ({ what: 'standard input', milliseconds: 300_000, signal });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('unlessStalled', () => {
  it('hands on everything and leaves no timer', async () => {
    expect(await collect(unlessStalled(from([1, 2, 3]), patience()))).toEqual([1, 2, 3]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('passes on why the source failed', async () => {
    const failure = new Error('the disk');
    await expect(collect(unlessStalled(failing(failure), patience()))).rejects.toBe(failure);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives up on a source that stopped, and says how long it waited for what', async () => {
    const ended = collect(unlessStalled(stopping(), patience())).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(299_999);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1001);
    expect(await ended).toMatchObject({
      code: 'TRANSFER_STALLED',
      exitCode: 7,
      message: 'nothing came from standard input for 300 s',
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not count the time in which nobody asks', async () => {
    const bytes = unlessStalled(from([1, 2]), patience());
    expect((await bytes.next()).value).toEqual(Uint8Array.of(1));
    await vi.advanceTimersByTimeAsync(600_000);
    expect((await bytes.next()).value).toEqual(Uint8Array.of(2));
    expect(await bytes.next()).toEqual({ done: true, value: undefined });
  });

  it('stops waiting when it is told to, with the reason', async () => {
    const stop = new AbortController();
    const reason = new Error('asked to stop');
    const ended = collect(unlessStalled(stopping(), patience(stop.signal))).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1);
    stop.abort(reason);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await ended).toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('closes a source that is not read to its end before it is done itself', async () => {
    let closed = false;
    async function* source() {
      try {
        yield Uint8Array.of(1);
        yield Uint8Array.of(2);
      } finally {
        closed = true;
      }
    }
    const bytes = unlessStalled(source(), patience());
    await bytes.next();
    await bytes.return();
    expect(closed).toBe(true);
  });
});

async function* from(values: readonly number[]) {
  for (const value of values) yield Uint8Array.of(value);
}

async function* failing(failure: Error) {
  yield Uint8Array.of(1);
  throw failure;
}

/** Gives one byte and then nothing, for ever. */
async function* stopping() {
  yield Uint8Array.of(1);
  await new Promise(() => {});
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<number[]> {
  const all: number[] = [];
  for await (const chunk of bytes) all.push(...chunk);
  return all;
}

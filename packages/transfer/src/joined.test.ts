import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { BrokenPipe, joined } from './joined.ts';

const epipe = () => Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });

describe('joined', () => {
  it('waits for all parts and stops nobody when none fails', async () => {
    const stop = vi.fn();
    await joined([Promise.resolve(), Promise.resolve(1)], stop);
    await joined([], stop);
    expect(stop).not.toHaveBeenCalled();
  });

  it('throws the first failure, after all parts have ended', async () => {
    const first = new Error('the cause');
    const slow = pending();
    let ended = false;
    const all = joined([slow.promise, Promise.reject(first)], () => slow.reject(new Error('stopped'))).finally(() => {
      ended = true;
    });
    expect(ended).toBe(false);
    await expect(all).rejects.toBe(first);
  });

  it('stops the others once, however many fail', async () => {
    const stop = vi.fn();
    await expect(
      joined(
        [1, 2, 3].map((one) => Promise.reject(new Error(`${one}`))),
        stop,
      ),
    ).rejects.toThrow('1');
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it.each([new BrokenPipe(), epipe()])('never takes a broken pipe for the cause: %s', async (broken) => {
    const cause = new Error('the reader says why it went');
    const later = pending();
    const stop = vi.fn();
    const all = joined([Promise.reject(broken), later.promise], stop);
    later.reject(cause);
    await expect(all).rejects.toBe(cause);
  });

  it('lets the reader of a broken pipe end by itself and say why', async () => {
    const stop = vi.fn();
    await expect(joined([Promise.reject(new BrokenPipe()), Promise.resolve()], stop)).rejects.toBeInstanceOf(
      BrokenPipe,
    );
    expect(stop).not.toHaveBeenCalled();
  });

  it('names, in whatever order parts fail, the first that is no broken pipe', async () => {
    const failures = fc.array(fc.constantFrom('cause', 'broken', 'EPIPE'), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(failures, async (kinds) => {
        const errors = kinds.map((kind, at) => {
          if (kind === 'cause') return new Error(`cause ${at}`);
          return kind === 'EPIPE' ? epipe() : new BrokenPipe();
        });
        const expected = errors[Math.max(kinds.indexOf('cause'), 0)];
        await expect(
          joined(
            errors.map((error) => Promise.reject(error)),
            () => {},
          ),
        ).rejects.toBe(expected);
      }),
    );
  });
});

/** A promise that the test rejects when it wants to. */
function pending(): { readonly promise: Promise<void>; reject(error: Error): void } {
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((_, whenRejected) => {
    reject = whenRejected;
  });
  return { promise, reject: (error) => reject(error) };
}

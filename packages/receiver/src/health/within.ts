import type { Clock } from './clock.ts';

/**
 * What `work` comes to, or `late` if that takes longer. Work that is late is told by its signal and not waited for, so
 * nothing that hangs can hold up who asks. Rejects with the reason of `signal` when that is aborted.
 */
export async function within<T>(
  {
    clock,
    milliseconds,
    signal,
  }: { readonly clock: Clock; readonly milliseconds: number; readonly signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
  late: T,
): Promise<T> {
  signal.throwIfAborted();
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  try {
    return await Promise.race([work(either), clock.sleep(milliseconds, either).then(() => late)]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    over.abort();
  }
}

/** The reader of a pipe is gone. Never the cause of anything: why the reader went is. */
export class BrokenPipe extends Error {
  constructor() {
    super('nobody reads the pipe any more');
  }
}

/**
 * Waits for all parts of a pipeline. When one fails, `stop` is called once, so that the others end too; after all of
 * them have ended, the first failure that is a cause is thrown, not what it did to its neighbours.
 */
export async function joined(parts: readonly Promise<unknown>[], stop: () => void): Promise<void> {
  const failures: unknown[] = [];
  await Promise.all(
    parts.map((part) =>
      part.catch((failure: unknown) => {
        failures.push(failure);
        if (failures.length === 1 && !isBrokenPipe(failure)) stop();
      }),
    ),
  );
  if (failures.length > 0) throw failures.find((failure) => !isBrokenPipe(failure)) ?? failures[0];
}

function isBrokenPipe(failure: unknown): boolean {
  return failure instanceof BrokenPipe || (failure as NodeJS.ErrnoException).code === 'EPIPE';
}

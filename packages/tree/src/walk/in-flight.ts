/** Reads at once: enough to keep a disk busy while this process computes, as many as libuv has threads. */
const IN_FLIGHT = 4;

/**
 * Calls `work` for every item, a few at a time, each worker with one `tool` (a buffer) of its own for as long as it
 * lives. Stops at the first failure.
 */
export async function eachInFlight<T, Tool>(
  items: Iterable<T>,
  makeTool: () => Tool,
  work: (item: T, tool: Tool) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  let failed = false;
  const worker = async () => {
    const tool = makeTool();
    for (let next = queue.next(); !next.done && !failed; next = queue.next()) {
      try {
        await work(next.value, tool);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: IN_FLIGHT }, worker));
  const failure = workers.find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
}

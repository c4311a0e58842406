import { createGuard, type Guard, type GuardExpectation, HeadReader, type StreamHead } from '@goldstream/send-stream';

/** A stream that the guard let pass. */
export interface PassedStream {
  readonly head: StreamHead;
  /** Of the raw stream. */
  readonly bytes: number;
}

/**
 * Lets the guard alone see a stream; nothing is received.
 * @param expectationFor what the stream must be, by what it says of itself
 * @throws SendStreamError `SEND_STREAM_…` for a malformed stream, `GUARD_…` for one that is refused: the finding
 */
export async function guardStream(
  raw: AsyncIterable<Uint8Array>,
  expectationFor: (head: StreamHead) => GuardExpectation,
): Promise<PassedStream> {
  const headReader = new HeadReader();
  let beginning: Uint8Array[] = [];
  let guard: Guard | undefined;
  let bytes = 0;
  for await (const chunk of raw) {
    bytes += chunk.length;
    if (guard === undefined) {
      beginning.push(chunk);
      const head = headReader.push(chunk);
      if (head === undefined) continue;
      guard = createGuard(expectationFor(head));
      for (const one of beginning) guard.push(one);
      beginning = [];
    } else {
      guard.push(chunk);
    }
  }
  const head = headReader.end();
  guard?.end();
  return { head, bytes };
}

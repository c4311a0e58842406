import { ChangeCollector, type Changes, HeadReader, type StreamHead } from '@goldstream/send-stream';
import { keepLittleGarbage } from '../inspect/keep-little-garbage.ts';

/**
 * Reads a raw stream to its end and tells what it changes.
 * @throws SendStreamError when it is not sound, not whole, or names what cannot be there
 */
export async function readChanges(
  raw: AsyncIterable<Uint8Array>,
): Promise<{ readonly head: StreamHead; readonly changes: Changes }> {
  keepLittleGarbage();
  const head = new HeadReader();
  const collector = new ChangeCollector();
  for await (const chunk of raw) {
    head.push(chunk);
    collector.push(chunk);
  }
  // A stream that is cut off is told of by the collector, which knows where.
  const changes = collector.end();
  return { head: head.end(), changes };
}

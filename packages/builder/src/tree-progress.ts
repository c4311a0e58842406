import type { CommandIo } from '@goldstream/cli';
import type { TreeProgress } from '@goldstream/tree';

/** Less is read before anybody could read the line about it. Bytes. */
const WORTH_TELLING = 64 * 1024 * 1024;

/** Tells how far the reading of a tree is; throws the reason when the program was asked to stop. */
export function treeProgress(io: CommandIo, label: string): (progress: TreeProgress) => void {
  let told: number | undefined;
  return ({ bytes, ofBytes }) => {
    io.signal.throwIfAborted();
    if (ofBytes < WORTH_TELLING) return;
    if (told === undefined) io.progress.start({ label, totalBytes: ofBytes });
    io.progress.advance(bytes - (told ?? 0));
    told = bytes;
    if (bytes === ofBytes) io.progress.stop();
  };
}

import type { TreeProgress } from '../tree.ts';

/** Counts what was done and tells it. `file` gives back how many are done. */
export interface ProgressCount {
  bytes(more: number): void;
  file(): number;
}

/** Starts counting towards the sum of `sizes` (bytes, one per file). */
export function countProgress(sizes: readonly number[], onProgress: (progress: TreeProgress) => void): ProgressCount {
  const ofBytes = sizes.reduce((sum, size) => sum + size, 0);
  let [bytes, files] = [0, 0];
  const tell = () => onProgress({ bytes, ofBytes, files, ofFiles: sizes.length });
  return {
    bytes(more) {
      bytes += more;
      tell();
    },
    file() {
      files += 1;
      tell();
      return files;
    },
  };
}

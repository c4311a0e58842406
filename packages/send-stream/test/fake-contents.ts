import type { OpenContent, SnapshotContents } from '../src/doctor/contents.ts';

/** A snapshot whose files are in memory, by path. `reads` counts the bytes that were read of it. */
export function fakeContents(
  files: Readonly<Record<string, Uint8Array>>,
): SnapshotContents & { readonly reads: { bytes: number } } {
  const reads = { bytes: 0 };
  return {
    reads,
    open: async (path) => {
      const bytes = files[path];
      return bytes === undefined
        ? undefined
        : fakeContent(bytes, (read) => {
            reads.bytes += read;
          });
    },
  };
}

/** A file whose content is in memory. Must not be read after it was closed. */
export function fakeContent(bytes: Uint8Array, onRead: (bytes: number) => void = () => {}): OpenContent {
  let isOpen = true;
  return {
    size: bytes.length,
    read: async (target, offset) => {
      if (!isOpen) throw new Error('read of a file that is closed');
      const found = bytes.subarray(offset, offset + target.length);
      target.set(found);
      onRead(found.length);
      return found.length;
    },
    [Symbol.asyncDispose]: async () => {
      isOpen = false;
    },
  };
}

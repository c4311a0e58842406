/** Never exists; makes {@link PathBytes} a type of its own. */
declare const tag: unique symbol;

/**
 * A path as the bytes that it is: a string with one character (U+0000 to U+00FF) per byte, so names that are not
 * UTF-8 survive and `<` compares bytewise. A path within a tree has no leading slash; the tree's root is the empty path.
 * Never print one directly: {@link showPath} does.
 */
export type PathBytes = string & { readonly [tag]: 'PathBytes' };

/** The root of a tree. */
// The empty string has no bytes at all.
export const ROOT = '' as PathBytes;

/** The path that these bytes are. */
export function pathFromBytes(bytes: Uint8Array): PathBytes {
  // Latin-1 maps every byte to the character of the same number.
  return Buffer.from(bytes).toString('latin1') as PathBytes;
}

/** The path that ordinary text names, as the UTF-8 bytes that the kernel is given. */
export function pathFromText(text: string): PathBytes {
  return pathFromBytes(Buffer.from(text, 'utf8'));
}

/** The path as `node:fs` takes it. */
export function pathToBuffer(path: PathBytes): Buffer {
  return Buffer.from(path, 'latin1');
}

/** `path` below `folder`; either may be the root. */
export function joinPath(folder: PathBytes, path: PathBytes): PathBytes {
  if (folder === ROOT || path === ROOT) return folder === ROOT ? path : folder;
  // Joining bytes with a byte gives bytes.
  return `${folder}/${path}` as PathBytes;
}

/** The directory that holds `path`; undefined for the root. */
export function parentOf(path: PathBytes): PathBytes | undefined {
  // A part of bytes is bytes.
  return path === ROOT ? undefined : (path.slice(0, Math.max(path.lastIndexOf('/'), 0)) as PathBytes);
}

/** The path for a person: UTF-8 where it is that, `\xHH` for control characters and every byte beyond. The root is `.`. */
export function showPath(path: PathBytes): string {
  if (path === ROOT) return '.';
  const text = pathToBuffer(path).toString('utf8');
  const readable = !text.includes('\uFFFD') && !/\p{Cc}/u.test(text);
  return readable ? text : path.replace(/[^\x20-\x7e]/g, (byte) => `\\x${hex(byte)}`);
}

function hex(byte: string): string {
  return byte.charCodeAt(0).toString(16).padStart(2, '0');
}

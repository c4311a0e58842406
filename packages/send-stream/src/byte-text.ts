/** Bytes as text, one character a byte (latin-1), so that file names can be compared, cut and joined as strings. */
export function byteText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

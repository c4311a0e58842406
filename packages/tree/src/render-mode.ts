/** Permission bits as four octal digits, as `0755`. */
export function renderMode(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

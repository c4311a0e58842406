import type { Xattrs } from './xattrs.ts';

/**
 * One file's attributes as `setfattr --restore` reads them: the format of `getfattr --dump`.
 * @param path absolute, one Latin-1 character per byte; so is the result
 * @see setfattr(1)
 */
export function renderRestore(path: string, xattrs: Xattrs): string {
  const lines = [...xattrs].map(([name, value]) => `${escapeOctal(name)}=0x${value}\n`);
  return `# file: ${escapeOctal(path)}\n${lines.join('')}\n`;
}

function escapeOctal(text: string): string {
  return text.replace(/[\n\r\\=]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

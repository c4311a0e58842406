import { ReleaseError } from './error.ts';
import type { Sha256 } from './sha256.ts';

/** One line of `SHA256SUMS`. */
export interface SumEntry {
  readonly name: string;
  readonly sha256: Sha256;
}

/** Digest, two spaces (or a space and the star of binary mode), a plain file name. GNU coreutils, `sha256sum`. */
const LINE = /^([0-9a-f]{64}) [ *]([A-Za-z0-9][A-Za-z0-9._-]*)$/;

/** The file as `sha256sum -c` takes it, sorted by name. */
export function renderSums(entries: Iterable<SumEntry>): string {
  const lines = [...entries].map(({ name, sha256 }) => ({ name, line: `${sha256}  ${name}` }));
  lines.sort((a, b) => (a.name < b.name ? -1 : 1));
  const text = lines.map(({ line }) => `${line}\n`).join('');
  parseSums(text);
  return text;
}

/**
 * Reads the file back. Names with spaces, slashes or escapes are not ours and are refused.
 *
 * @throws ReleaseError `RELEASE_BAD_SUMS`
 */
export function parseSums(text: string): readonly SumEntry[] {
  if (text !== '' && !text.endsWith('\n')) throw bad(text.split('\n').length, 'ends without a newline');
  const seen = new Set<string>();
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      const [, sha256, name] = LINE.exec(line) ?? [];
      if (sha256 === undefined || name === undefined)
        throw bad(index + 1, `${JSON.stringify(line)} is not DIGEST  NAME`);
      if (seen.has(name)) throw bad(index + 1, `${name} appears twice`);
      seen.add(name);
      return { name, sha256 };
    });
}

function bad(line: number, problem: string): ReleaseError {
  return new ReleaseError('RELEASE_BAD_SUMS', `SHA256SUMS, line ${line}: ${problem}`);
}

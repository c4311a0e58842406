/** One line of `--status-fd`: its keyword and the words after it. */
export interface StatusLine {
  readonly keyword: string;
  readonly words: readonly string[];
}

/** What gpgv said about one signature. */
export type SignatureBlock = readonly StatusLine[];

const PREFIX = '[GNUPG:] ';

/**
 * Splits the status output into one block for each signature. `NEWSIG` begins a block (GnuPG, `doc/DETAILS`);
 * what comes before the first belongs to none. User names are escaped by gpgv and cannot begin a line.
 */
export function splitStatus(statusText: string): readonly SignatureBlock[] {
  const blocks: StatusLine[][] = [];
  for (const line of statusText.split('\n')) {
    if (!line.startsWith(PREFIX)) continue;
    const [keyword = '', ...words] = line.slice(PREFIX.length).split(' ');
    if (keyword === 'NEWSIG') blocks.push([]);
    else blocks.at(-1)?.push({ keyword, words });
  }
  return blocks;
}

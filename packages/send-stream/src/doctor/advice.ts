import type { Examination, ExaminedFile } from './examination.ts';
import { isVolatile } from './volatile-paths.ts';

/** Why contents were sent that need not have been. */
export type Cause = keyof typeof ADVICE;

/** One cause with what it cost, and what to do about it. */
export interface Advice {
  readonly cause: Cause;
  /** Files it concerns. */
  readonly files: number;
  /** File contents that were sent because of it, in bytes of the raw stream. */
  readonly bytes: number;
  /** Some of the files, those with the most bytes first. */
  readonly examples: readonly string[];
  /** What happened, as a clause: "written to, with contents that were there already". */
  readonly says: string;
  /** What to do, as one imperative sentence. */
  readonly advice: string;
}

/** What is advised for each cause. The order is that in which causes of equal weight are told. */
const ADVICE = {
  rewritten: {
    says: 'written to, with contents that were there already',
    advice: 'Let only goldstream-builder golden update write to golden: it touches no block that does not differ.',
  },
  replaced: {
    says: 'replaced by a new file that holds the same blocks',
    advice:
      'Put the files into the recipe and run goldstream-builder golden update, which changes files in place, instead of copying or unpacking over golden.',
  },
  relocated: {
    says: 'made anew under another name, while the file that held the contents was removed',
    advice: 'Keep names that do not carry a version or a hash, or rename (mv) in golden instead of copying.',
  },
  shifted: {
    says: 'rewritten with blocks that the same file held at another offset',
    advice: 'Keep what did not change where it was: append instead of inserting, or split the file.',
  },
  duplicated: {
    says: 'made of blocks that another file of the parent holds',
    advice: 'Copy with cp --reflink=always, or make it a hard link, so that the contents are shared and not sent.',
  },
  compressed: {
    says: 'compressed: little of the old file is in the new one, however small the change was',
    advice:
      'Ship it unpacked, or build it reproducibly: fixed timestamps and order (gzip -n, tar --sort=name --mtime).',
  },
  volatile: {
    says: 'logs, caches and what programs write for themselves',
    advice: 'Keep them out of the recipe: they differ on every machine and in every version.',
  },
} as const satisfies Record<string, Pick<Advice, 'says' | 'advice'>>;

/** What to do so that the next incremental is smaller; what costs most first. Only causes that the facts show. */
export function adviseOn({ files }: Examination): readonly Advice[] {
  const charges = files.flatMap((file) => causesOf(file).map((charge) => ({ ...charge, path: file.path })));
  // The keys of a constant are exactly its names.
  return (Object.keys(ADVICE) as Cause[])
    .flatMap((cause) => {
      const mine = charges.filter((charge) => charge.cause === cause).sort((a, b) => b.bytes - a.bytes);
      if (mine.length === 0) return [];
      const bytes = mine.reduce((sum, charge) => sum + charge.bytes, 0);
      const examples = mine.slice(0, MOST_EXAMPLES).map(({ path }) => path);
      return [{ cause, files: mine.length, bytes, examples, ...ADVICE[cause] }];
    })
    .sort((a, b) => b.bytes - a.bytes);
}

const MOST_EXAMPLES = 3;

/** Compressed data below this share of blocks that the parent holds was changed as a whole. */
const LITTLE = 0.5;

interface Charge {
  readonly cause: Cause;
  readonly bytes: number;
}

function causesOf(file: ExaminedFile): readonly Charge[] {
  const { path, manner, before, sentBytes, equalBytes, movedBytes, compressed } = file;
  if (isVolatile(path)) return [{ cause: 'volatile', bytes: sentBytes }];
  const charges: Charge[] = [];
  if (equalBytes > 0) charges.push({ cause: equalCause(manner), bytes: equalBytes });
  if (movedBytes > 0) charges.push({ cause: movedCause(file), bytes: movedBytes });
  const newBytes = sentBytes - equalBytes - movedBytes;
  if (
    compressed !== undefined &&
    before !== undefined &&
    equalBytes + movedBytes < LITTLE * file.size &&
    newBytes > 0
  ) {
    charges.push({ cause: 'compressed', bytes: newBytes });
  }
  return charges;
}

function equalCause(manner: ExaminedFile['manner']): Cause {
  if (manner === 'rewritten') return 'rewritten';
  return manner === 'recreated' ? 'relocated' : 'replaced';
}

function movedCause({ heldBy, before, isHolderGone }: ExaminedFile): Cause {
  if (heldBy === before) return 'shifted';
  return isHolderGone ? 'relocated' : 'duplicated';
}

import { showPath, type TreeDifference } from '@goldstream/tree';

/** One path that is not as the recipe says, as plain data. */
export interface Difference {
  readonly kind: TreeDifference['kind'];
  readonly path: string;
  readonly aspects: readonly string[];
}

/** What `golden diff` and `golden verify` answer. */
export interface Differences {
  readonly golden: string;
  readonly differences: readonly Difference[];
}

/** The differences of a tree as plain data. */
export function differencesOf(golden: string, differences: readonly TreeDifference[]): Differences {
  return {
    golden,
    differences: differences.map((difference) => ({
      kind: difference.kind,
      path: showPath(difference.path),
      aspects: difference.kind === 'differs' ? difference.aspects : [],
    })),
  };
}

/** The differences as a person reads them: what an update would add (`+`), remove (`-`) and change (`~`). */
export function renderDifferences({ golden, differences }: Differences): string {
  if (differences.length === 0) return `${golden} equals its recipe\n`;
  const lines = differences.map(({ kind, path, aspects }) =>
    kind === 'differs' ? `~ ${path} (${aspects.join(', ')})` : `${kind === 'missing' ? '+' : '-'} ${path}`,
  );
  return `${[...lines, `${golden} differs from its recipe in ${count(differences.length)}`].join('\n')}\n`;
}

function count(paths: number): string {
  return paths === 1 ? '1 path' : `${paths} paths`;
}

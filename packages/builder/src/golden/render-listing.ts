import { renderEntry, type StoredFile, type Tree } from '@goldstream/tree';

/**
 * A tree as lines like those of the content digest, but with inode number and time of the last modification in place of
 * a file's SHA-256: made without reading a file, equal for golden and its snapshot, and different for what was touched.
 */
export function renderListing(tree: Tree<StoredFile>): string {
  return [...tree]
    .map(([path, entry]) =>
      renderEntry(
        path,
        entry.kind === 'file' ? { ...entry, content: `${entry.content.inode}@${entry.content.modifiedMs}` } : entry,
      ),
    )
    .join('');
}

/** The paths (escaped as in the listing) whose lines differ, sorted. */
export function differingPaths(before: string, after: string): readonly string[] {
  const [was, is] = [new Set(before.split('\n')), new Set(after.split('\n'))];
  const lines = [...was].filter((line) => !is.has(line)).concat([...is].filter((line) => !was.has(line)));
  return [...new Set(lines.map((line) => line.split(' ', 1)[0] ?? ''))].sort();
}

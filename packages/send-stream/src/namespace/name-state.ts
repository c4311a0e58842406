import { type Entry, joinNames, type Node } from './entry.ts';

/** A name that differs from the parent, or was looked at. */
export interface NameState {
  /** Where the name is now: one character for each byte, the root of the snapshot being empty. */
  readonly directory: string;
  readonly name: string;
  /** What it leads to; undefined when the parent's directory has the name and the snapshot has not. */
  readonly entry: Entry | undefined;
}

/** The names in a directory and below it, from the top down. @param directory where it is */
export function* namesBelow({ children, settled }: Node, directory: string): Generator<NameState> {
  for (const [name, entry] of children ?? []) {
    yield { directory, name, entry };
    yield* namesBelow(entry, joinNames(directory, name));
  }
  for (const name of settled ?? []) {
    if (!children?.has(name)) yield { directory, name, entry: undefined };
  }
}

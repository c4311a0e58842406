/** A place in a file that a person wrote. Lines and columns count from 1, columns in UTF-16 units. */
export interface Location {
  /** As it was handed in, so that the reader recognises it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `golden/golden.yaml:12:5`, the form that editors and terminals turn into a link. */
export function renderLocation({ file, line, column }: Location): string {
  return `${file}:${line}:${column}`;
}

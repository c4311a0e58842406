import type { ErrorDocument } from '@goldstream/cli';

/** An annotation: where in the repository, and what it says. */
export interface Annotation {
  readonly message: string;
  readonly title: string;
  readonly file?: string;
  readonly startLine?: number;
  readonly startColumn?: number;
}

/** The place that messages about recipes begin with: `golden/golden.yaml:12:5: …`. */
const PLACE = /^(?<file>[^\s:]+):(?<line>\d+):(?<column>\d+): (?<problem>.*)$/s;

/** What a failure of the builder looks like beside the code: at the line of the recipe, where one is to blame. */
export function annotationOf({ code, message, hint, because }: ErrorDocument['error']): Annotation {
  const links = [{ code, message }, ...because];
  const chain = links.map((link) => `${link.code}: ${link.message}`).join('\nbecause ');
  const said = hint === undefined ? chain : `${chain}\n${hint}`;
  for (const link of links) {
    const place = PLACE.exec(link.message)?.groups;
    if (place === undefined) continue;
    return {
      title: link.code,
      message: said,
      // The expression has these groups.
      file: place['file'] as string,
      startLine: Number(place['line']),
      startColumn: Number(place['column']),
    };
  }
  return { title: code, message: said };
}

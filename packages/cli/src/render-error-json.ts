import { CodedError, chainOf } from '@goldstream/errors';
import { renderJson } from './render-json.ts';

/** One link of a chain as data. */
export interface ErrorLink {
  /** `BUG` for anything that is not a coded error. */
  readonly code: string;
  readonly message: string;
}

/** What `--json` prints on stdout when a command failed. */
export interface ErrorDocument {
  readonly error: ErrorLink & {
    readonly category: string;
    /** The first hint on the way down; absent when nobody has one. */
    readonly hint?: string;
    /** The causes, outermost first. */
    readonly because: readonly ErrorLink[];
  };
}

/** The error as one JSON document. */
export function renderErrorJson(error: unknown): string {
  const [top, ...causes] = chainOf(error);
  const hint = [top, ...causes].find((link) => link instanceof CodedError && link.hint !== undefined);
  const document: ErrorDocument = {
    error: {
      ...linkOf(top),
      category: top instanceof CodedError ? top.category : 'bug',
      ...(hint instanceof CodedError && hint.hint !== undefined ? { hint: hint.hint } : {}),
      because: causes.map(linkOf),
    },
  };
  return renderJson(document);
}

function linkOf(link: unknown): ErrorLink {
  if (link instanceof CodedError) return { code: link.code, message: link.message };
  return { code: 'BUG', message: link instanceof Error ? `${link.name}: ${link.message}` : String(link) };
}

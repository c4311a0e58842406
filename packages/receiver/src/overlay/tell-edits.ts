import { renderTable } from '@goldstream/cli';
import type { Version } from '@goldstream/release';
import { type Aspect, showPath } from '@goldstream/tree';
import { numberName } from '../host/layout.ts';
import type { ActiveEdits } from './active-edits.ts';
import type { Edit } from './find-edits.ts';

/** What `overlay list --json` prints. Fields are only ever added. */
export interface EditsAnswer {
  readonly deployment: number;
  readonly version: Version;
  /** Sorted by path. */
  readonly edits: readonly ToldEdit[];
}

/** One edit; paths are relative to the deployment's root, `\xHH` stands for a byte that is no text. */
export interface ToldEdit {
  readonly path: string;
  readonly kind: Edit['kind'];
  /** In what a changed one differs; empty where it is equal, and only stands in the way of newer ones. */
  readonly aspects: readonly Aspect[];
}

/** The edits as plain data. Pure. */
export function tellEdits({ active, edits }: ActiveEdits): EditsAnswer {
  return {
    deployment: active.number,
    version: active.version,
    edits: edits.map((edit) => ({ path: showPath(edit.path), kind: edit.kind, aspects: aspectsOf(edit) })),
  };
}

/** As a person reads it. */
export function renderEdits({ deployment, version, edits }: EditsAnswer): string {
  if (edits.length === 0) return `deployment ${numberName(deployment)} is as ${version} has it\n`;
  return renderTable(edits, [
    { title: 'EDIT', cell: ({ kind }) => kind },
    { title: 'PATH', cell: ({ path }) => path },
    {
      title: '',
      cell: ({ kind, aspects }) => (kind === 'changed' && aspects.length === 0 ? 'equal' : aspects.join(', ')),
    },
  ]);
}

function aspectsOf(edit: Edit): readonly Aspect[] {
  return edit.kind === 'changed' ? edit.aspects : [];
}

import { formatBytes } from '@goldstream/cli';
import type { Plan, Step } from '@goldstream/plan';
import type { AuditHead } from './trail-head.ts';

/** Copies the first `bytes` bytes of a trail, which only grows. */
export interface ExportTrailStep extends Step {
  readonly kind: 'export-trail';
  readonly trail: string;
  readonly bytes: number;
  /** Undefined: standard output. */
  readonly to: string | undefined;
}

/** What is exported. */
export interface ExportFacts {
  readonly trail: string;
  readonly bytes: number;
  readonly entries: number;
  readonly head: AuditHead;
}

/** Plans an export. The goal says what `audit verify --file … --head …` asks for elsewhere. */
export function planExport(
  { trail, bytes, entries, head }: ExportFacts,
  to: string | undefined,
): Plan<ExportTrailStep> {
  const goal = `${entries} entries of the audit trail are exported, head ${head.number}:${head.sha256}`;
  const says = `copy ${formatBytes(bytes)} of ${trail} to ${to ?? 'standard output'}`;
  return { goal, steps: [{ kind: 'export-trail', says, trail, bytes, to }] };
}

import { createHash } from 'node:crypto';
import { HeadReader } from '@goldstream/send-stream';
import { guardInspector } from './guard-inspector.ts';
import type { Inspection, PumpResult } from './pump-job.ts';

/** Looks at bytes before they are handed on. */
export interface Inspector {
  /** The bytes that may be handed on now; throws before anything that may not. */
  push(block: Uint8Array): readonly Uint8Array[];
  /** What was held back until nothing followed it, and what was found out. */
  end(): { readonly views: readonly Uint8Array[]; readonly findings: Omit<PumpResult, 'bytes'> };
}

/** The inspector that a job asks for. */
export function inspectorFor(inspection: Inspection): Inspector {
  return inspection.kind === 'guard' ? guardInspector(inspection) : digestInspector();
}

function digestInspector(): Inspector {
  const hash = createHash('sha256');
  const head = new HeadReader();
  return {
    push: (block) => {
      hash.update(block);
      head.push(block);
      return [block];
    },
    end: () => ({ views: [], findings: { sha256: hash.digest('hex'), head: head.end() } }),
  };
}

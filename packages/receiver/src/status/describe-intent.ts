import { numberName } from '../host/layout.ts';
import type { Intent } from '../state/intent.ts';

/** What a host is in the middle of, as a sentence that a time can follow. Pure. */
export function describeIntent(intent: Intent): string {
  switch (intent.kind) {
    case 'receiving':
      return `${intent.version} is being received`;
    case 'naming':
      return `${intent.record.version} is being recorded as received`;
    case 'staging':
      return `deployment ${numberName(intent.number)} is being made`;
    case 'switching':
      return `deployment ${numberName(intent.to)} is being made active`;
    case 'returning':
      return `deployment ${numberName(intent.from)} failed (${intent.failed.reason}) and is being gone back from`;
    case 'exchanging':
      return `the stage ${intent.stage} is getting another tree`;
    case 'removing':
      return 'everything is being removed from the system';
    case 'pruning':
      return 'what nobody needs is being removed';
  }
}

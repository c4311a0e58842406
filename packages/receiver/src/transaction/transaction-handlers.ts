import type { Handlers } from '@goldstream/plan';
import type { Tools } from '../host/tools.ts';
import { removeIntent, writeIntent } from '../state/store-intent.ts';
import type { TransactionStep } from './step.ts';

/** How a transaction begins and ends. */
export function transactionHandlers({ layout, now }: Pick<Tools, 'layout' | 'now'>): Handlers<TransactionStep> {
  return {
    intend: async ({ intent }) => writeIntent(layout, intent, now()),
    conclude: async () => removeIntent(layout),
  };
}

import { ReceiverError } from '../error.ts';
import type { Tools } from '../host/tools.ts';
import { reasonOf } from '../recover/reason-of.ts';
import { readIntent } from '../state/store-intent.ts';

/**
 * Finishes or undoes what an earlier command was interrupted in, before another one looks at the host. Under the lock.
 * @throws ReceiverError `RECOVER_FAILED`
 */
export async function settleInterrupted(tools: Tools): Promise<void> {
  const { layout } = tools;
  if ((await readIntent(layout)) === undefined) return;
  await recoverNow(tools, undefined).catch((cause: unknown) => {
    throw new ReceiverError('RECOVER_FAILED', 'what an interrupted command has left cannot be put right yet', {
      cause,
      hint: `Look at \`goldstream-receiver status\` and mend the cause. If that is impossible, remove ${layout.intent}, then deploy by name what shall run.`,
    });
  });
}

/**
 * Finishes or undoes what this very command has left when it failed: by the same table as after a power cut, but for a
 * trial, which has failed and is given up. Under the lock.
 * @throws ReceiverError `RECOVER_FAILED` when that fails too
 */
export async function settleFailed(tools: Tools, failure: unknown): Promise<void> {
  try {
    if ((await readIntent(tools.layout)) === undefined) return;
    await recoverNow(tools, reasonOf(failure));
  } catch (cause) {
    throw new ReceiverError('RECOVER_FAILED', `this failed: ${reasonOf(failure)}; and so did putting it right`, {
      cause,
      hint: 'Look at `goldstream-receiver status`; when that is mended, run `goldstream-receiver recover`.',
    });
  }
}

/** Loaded only when it is needed, which is next to never. */
async function recoverNow(tools: Tools, failure: string | undefined): Promise<void> {
  const { recover } = await import('../recover/recover.ts');
  await recover(tools, { moment: 'command', failure });
}

import { removeDurably } from '@goldstream/system';
import type { Layout } from '../host/layout.ts';
import { type Intent, type PendingIntent, pendingIntentSchema } from './intent.ts';
import { readRecord, writeRecord } from './store-records.ts';

/** What the host is in the middle of; undefined: nothing. @throws ReceiverError `HOST_BAD_RECORD` */
export async function readIntent({ intent }: Layout): Promise<PendingIntent | undefined> {
  return readRecord(intent, pendingIntentSchema);
}

/** Says durably what is about to be done. It takes the place of the one before: a change of direction is one rename. */
export async function writeIntent(layout: Layout, intent: Intent, now: Date): Promise<void> {
  const pending: PendingIntent = { since: now.toISOString(), intent };
  await writeRecord(layout.intent, pending);
}

/** Says durably that it is done. */
export async function removeIntent({ intent }: Layout): Promise<void> {
  await removeDurably(intent);
}

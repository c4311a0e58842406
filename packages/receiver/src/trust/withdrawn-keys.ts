import * as z from 'zod';
import type { Layout } from '../host/layout.ts';
import { readRecord, writeRecord } from '../state/store-records.ts';

const withdrawnSchema = z.array(z.object({ fingerprint: z.string(), at: z.string() }));

/** A key that this host's operator removed: it counts never again here, whatever documents say. */
export type WithdrawnHere = z.infer<typeof withdrawnSchema>[number];

/** The keys that the operator withdrew, by time. */
export async function readWithdrawn(layout: Layout): Promise<readonly WithdrawnHere[]> {
  return (await readRecord(layout.withdrawnKeys, withdrawnSchema)) ?? [];
}

/** Writes them durably. */
export async function writeWithdrawn(layout: Layout, keys: readonly WithdrawnHere[]): Promise<void> {
  await writeRecord(layout.withdrawnKeys, keys);
}

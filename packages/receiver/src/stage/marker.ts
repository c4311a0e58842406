import { join } from 'node:path';
import { removeDurably, writeDurably } from '@goldstream/system';
import * as z from 'zod';
import { placedSchema } from '../state/records.ts';
import { readRecord } from '../state/store-records.ts';

/** Name of the marker in a stage's tree. */
export const MARKER = '.deployed';

/**
 * What `.deployed` says: written last, when everything of the stage is in place and has proven itself. It is of the tree
 * that it names alone, so a copy that came along in a snapshot says nothing.
 */
export const markerSchema = z.object({
  /** Number of the tree. */
  tree: z.int().min(1),
  component: z.string(),
  version: z.string(),
  at: z.iso.datetime(),
  /** The snapshot of the time before, which `rollback` goes back to; none when there is nothing earlier. */
  before: z.string().optional(),
  /** The snapshot of the tree as it was deployed, which it is compared with. */
  as: z.string(),
  placed: z.array(placedSchema),
  /** Units that the stage enabled. */
  enabled: z.array(z.string()),
  /** Units that it had enabled and an operator disabled. */
  disabled: z.array(z.string()),
});
export type Marker = z.infer<typeof markerSchema>;

/** The marker of a tree. @throws ReceiverError `HOST_BAD_RECORD` */
export async function readMarker(tree: string): Promise<Marker | undefined> {
  return readRecord(join(tree, MARKER), markerSchema);
}

/** Says durably that the tree is deployed. */
export async function writeMarker(tree: string, marker: Marker): Promise<void> {
  await writeDurably(join(tree, MARKER), `${JSON.stringify(marker, null, 2)}\n`, 0o600);
}

/** Takes away the marker that a new tree brought along from the one it was made of. */
export async function removeMarker(tree: string): Promise<void> {
  await removeDurably(join(tree, MARKER));
}

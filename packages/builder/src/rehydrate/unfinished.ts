import * as z from 'zod';

/**
 * What is being received, on disk before it is begun: the random name that no subvolume had before, which is how the next
 * run knows what is its own to remove.
 */
export const unfinishedRecord = z.object({ incoming: z.string().regex(/^\.incoming-[0-9a-f]{16}$/) });

/** What is being received. */
export type UnfinishedRecord = z.infer<typeof unfinishedRecord>;

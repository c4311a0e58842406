import { type Channel, type ChannelTrust, parseChannel, type Signer, type Version } from '@goldstream/release';
import * as z from 'zod';
import { ReceiverError } from '../error.ts';
import type { Layout } from '../host/layout.ts';
import { readRecord, writeRecord } from '../state/store-records.ts';

/** The channel that this host accepted last, and what it remembers of it. */
export interface KeptChannel {
  readonly trust: ChannelTrust;
  readonly channel: Channel;
  readonly signers: readonly Signer[];
  /** The system's clock when it was accepted, right or wrong. ISO 8601, UTC. */
  readonly acceptedAt: string;
}

const trustSchema = z.object({
  epoch: z.int().min(0),
  sequence: z.int().min(1),
  sha256: z.string(),
  time: z.string(),
  // Only this program writes it, from a parsed channel.
  newest: z.string() as unknown as z.ZodType<Version>,
});

const keptSchema = z.object({
  trust: trustSchema,
  acceptedAt: z.string(),
  signers: z.array(z.string()),
  /** As it was signed. */
  text: z.string(),
});

/**
 * What is kept of a channel; undefined: it was never accepted here.
 * @throws ReceiverError `HOST_BAD_RECORD`: without it nobody could tell what this host has seen
 */
export async function readKeptChannel(layout: Layout, name: string): Promise<KeptChannel | undefined> {
  const path = layout.channelRecord(name);
  const kept = await readRecord(path, keptSchema);
  if (kept === undefined) return undefined;
  const signers = kept.signers.map((fingerprint) => ({ fingerprint }));
  try {
    return { ...kept, signers, channel: parseChannel(Buffer.from(kept.text)) };
  } catch (cause) {
    throw new ReceiverError('HOST_BAD_RECORD', `${path} holds no channel that this program accepted`, {
      cause,
      hint: 'Put the file back from a backup; what it remembers protects this host from old channels.',
    });
  }
}

/** Stores what was accepted by one rename, durably. */
export async function storeChannel(
  layout: Layout,
  { trust, text, signers, acceptedAt }: Omit<KeptChannel, 'channel'> & { readonly text: Uint8Array },
): Promise<void> {
  const { channel } = parseChannel(text);
  await writeRecord(layout.channelRecord(channel), {
    trust,
    acceptedAt,
    signers: signers.map(({ fingerprint }) => fingerprint),
    text: Buffer.from(text).toString(),
  });
}

import { createHash } from 'node:crypto';
import { TransferError } from './error.ts';
import type { GuardedStream } from './pump-job.ts';

/** Bytes that are held against what a signed manifest says of them. */
export interface Proof {
  push(block: Uint8Array): void;
  /** @throws TransferError `TRANSFER_NOT_THE_STREAM` when they were fewer, more, or others */
  end(): void;
}

/** Begins a proof that the bytes are these, by length and SHA-256. */
export function proofOf({ bytes: expected, sha256 }: NonNullable<GuardedStream['proof']>): Proof {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    push: (block) => {
      hash.update(block);
      bytes += block.length;
    },
    end: () => {
      const found = hash.digest('hex');
      if (bytes === expected && found === sha256) return;
      const problem =
        bytes === expected ? `SHA-256 is ${found}, expected ${sha256}` : `${bytes} bytes, expected ${expected}`;
      throw new TransferError('TRANSFER_NOT_THE_STREAM', `the raw stream is not the one that was signed: ${problem}`, {
        hint: 'Copy the stream again, or tell its publisher; what was received is not used.',
      });
    },
  };
}

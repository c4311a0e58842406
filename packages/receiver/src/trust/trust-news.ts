import type { Sha256, TrustEvent, Version } from '@goldstream/release';

/** What happened to this host's trust, for the audit trail. */
export type TrustNews =
  /** A keys document was taken, or a channel meant something. */
  | { readonly kind: 'trust'; readonly channel: string | undefined; readonly event: TrustEvent }
  | {
      readonly kind: 'channel-accepted';
      readonly channel: string;
      readonly epoch: number;
      readonly sequence: number;
      readonly sha256: Sha256;
    }
  /** `code` is that of the error. */
  | { readonly kind: 'channel-refused'; readonly channel: string; readonly code: string; readonly reason: string }
  /** An operator went round signatures, in one run. */
  | { readonly kind: 'unsigned'; readonly version: Version }
  /** An operator changed the keyring, number 0. */
  | { readonly kind: 'operator-key'; readonly change: 'added' | 'removed'; readonly fingerprint: string };

/** Who is told. Awaited, and before anything is done on the word of what was learnt. */
export type OnTrustNews = (news: TrustNews) => void | Promise<void>;

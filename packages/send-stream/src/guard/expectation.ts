import type { ParentLookup } from '../namespace/parent-lookup.ts';
import type { GuardPolicy } from './policy.ts';

/** What a stream must be, from the signed manifest, and what the host adds. */
export interface GuardExpectation {
  /** The one subvolume that the stream may make; undefined where nobody knows: any name of one component. */
  readonly name: string | undefined;
  /** Lower case with dashes, as the manifest has it from the stream's own first command; undefined: any. */
  readonly uuid: string | undefined;
  /** Undefined: any. */
  readonly transid: bigint | undefined;
  /** The parent that an incremental stream must name; leave it out to demand a full stream. */
  readonly parentUuid?: string | undefined;
  /**
   * A look at that parent: needed with `parentUuid`. `UNSEEN_PARENT` where there is none to look at; then every name of
   * the parent is taken for what the command needs, and nothing may be received on such a guard's word.
   */
  readonly parent?: ParentLookup | undefined;
  /** What the parent's own manifest was allowed: its set-id files and file capabilities are followed wherever they go. */
  readonly parentPolicy?: GuardPolicy | undefined;
  /** Default: {@link HARMLESS_ONLY}. */
  readonly policy?: GuardPolicy | undefined;
  /** The longest the stream may be. Bytes. */
  readonly maxBytes?: number | undefined;
  /** Regular files that it may make: all of the snapshot, hard-linked ones once. */
  readonly maxFiles?: number | undefined;
  /** How large the files may become that the stream writes to, together: the apparent bytes of the whole snapshot. */
  readonly maxFileBytes?: number | undefined;
}

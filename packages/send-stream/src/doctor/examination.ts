/** What an incremental stream sends although the parent holds it. All sizes are bytes of the raw stream's file contents. */
export interface Examination {
  /** File contents that the stream carries. */
  readonly sentBytes: number;
  /** Of them: blocks that the parent holds, at the same place or elsewhere. */
  readonly wastedBytes: number;
  /** Every file that was looked at, in the order of the stream. */
  readonly files: readonly ExaminedFile[];
  /** Whether the parent holds more contents than were remembered, so that some moved blocks were not found. */
  readonly isPartial: boolean;
}

/** One file for which the stream carries contents. Paths: one character a byte. */
export interface ExaminedFile {
  /** In the snapshot. */
  readonly path: string;
  readonly manner: FileManner;
  /** The parent's file that it was compared with; undefined when there is none. */
  readonly before: string | undefined;
  /** Apparent size. */
  readonly size: number;
  readonly sentBytes: number;
  /** Blocks that `before` holds at the same offset. */
  readonly equalBytes: number;
  /** Other blocks that files of the parent hold which this stream touches or removes. */
  readonly movedBytes: number;
  /** The parent's file that holds most of the moved blocks. */
  readonly heldBy: string | undefined;
  /** Whether `heldBy` has lost its name. */
  readonly isHolderGone: boolean;
  /** Whether the whole content is that of `before`. */
  readonly isUnchanged: boolean;
  /** What kind of compressed data the file is, by its first bytes: `gzip data`. */
  readonly compressed: string | undefined;
}

/**
 * How a file came to be sent.
 * `rewritten`: the parent's own file was written to. `replaced`: a new file stands where the parent has another.
 * `recreated`: a new file has the name and size of one that is gone. `created`: nothing of the kind was there.
 */
export type FileManner = 'rewritten' | 'replaced' | 'recreated' | 'created';

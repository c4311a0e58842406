/**
 * An instant in a run of one of our programs: before the `operation`th thing that it does to the outside within the
 * `step`th step that it announced. Operation 0 is the announcement itself, so `{ step: 3, operation: 0 }` is after the
 * second step and before the third; step 0 is what happens before the first announcement.
 */
export interface Moment {
  readonly step: number;
  readonly operation: number;
}

/** A moment of a run that was looked at, and what the program was about to do. */
export interface SeenMoment extends Moment {
  /** What the step said, or what the operation is, such as `rename 0002.json` or `spawn btrfs receive`. */
  readonly doing: string;
  /** How far the disk was that the run was asked to watch, in requests. */
  readonly position?: number;
}

/** What happens to a program at a moment. */
export type Blow =
  /** SIGKILL; its children go on until they notice. */
  | 'kill'
  /** SIGKILL for its children first, then for itself. */
  | 'kill-all'
  /** SIGKILL for its children only: the program sees a `btrfs` or a `zstd` that was killed. */
  | 'kill-children'
  | 'SIGINT'
  | 'SIGTERM'
  /** The terminal is gone: SIGHUP, and nothing can be written to stderr any more. */
  | 'hang-up'
  /** It stands still for good, without a signal, and says so in `tell`: for whoever ends it with all around it. */
  | 'hold';

/** What a run is told through {@link ORDERS}, as JSON. */
export interface Orders {
  /** Marks the processes of this run: it is in the environment of each of them. */
  readonly run: string;
  /** File that gets a line of JSON for each moment. */
  readonly journal?: string;
  /** File with the log of the disk that is watched. */
  readonly watch?: string;
  readonly blow?: Blow;
  readonly at?: Moment;
  /** File or terminal line that gets a line of JSON when the program is held. */
  readonly tell?: string;
}

/** The environment variable that carries the orders. */
export const ORDERS = 'GOLDSTREAM_TEST_ORDERS';

/** One thing to do. `kind` picks its handler, `says` is what a person reads; everything else is plain data. */
export interface Step {
  readonly kind: string;
  /** What this step does, as an imperative phrase in lower case with every number that matters. */
  readonly says: string;
}

/**
 * What a command is going to do: the very object that `--dry-run` prints and that is then executed.
 * A plan without steps means: nothing to do.
 */
export interface Plan<S extends Step = Step> {
  /** What is true when the plan has been executed, as a phrase. */
  readonly goal: string;
  readonly steps: readonly S[];
  /** What the reader should know before it runs: reasons, warnings, what will restart. */
  readonly notes?: readonly string[];
}

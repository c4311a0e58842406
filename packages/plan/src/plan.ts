/** One thing to do. `kind` picks its handler, `says` is what a person reads; everything else is plain data. */
export interface Step {
  readonly kind: string;
  /** What this step does, as an imperative phrase in lower case with every number that matters. */
  readonly says: string;
  /** There is no safe place to stop between the step before and this one: who is asked to stop does so later. */
  readonly continues?: true;
}

/** The same steps, none of which may be held back once the one before the first of them is done. */
export function continuing<S extends Step>(steps: readonly S[]): readonly S[] {
  return steps.map((step) => ({ ...step, continues: true as const }));
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

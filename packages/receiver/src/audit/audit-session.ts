import { CodedError, describeError } from '@goldstream/errors';
import { type Handlers, PlanError, type Step } from '@goldstream/plan';
import type { Audit } from './audit.ts';
import type { AuditEvent, AuditOutcome } from './event.ts';
import type { AuditHead } from './trail-head.ts';

/** What a command does: an event whose end is not known yet. */
export type Undertaking = AuditEvent extends infer Event
  ? Event extends AuditEvent
    ? Omit<Event, 'outcome'>
    : never
  : never;

/**
 * One run of a command, as the trail tells it: `begun` before its first step, and how it ended. A run that had nothing
 * to do leaves no line; one that failed before its first step leaves the end alone.
 *
 * @example
 * bracket: exclusively, // which runs its work `during`
 * plan: async ({ version }, tools) => {
 *   tools.audit.undertake({ event: 'deploy', subject: { version } });
 *   …
 * },
 * handlers: (tools) => tools.audit.announcing(deployHandlers(tools)),
 */
export class AuditSession implements Audit {
  readonly #audit: Audit;
  readonly #warn: (line: string) => void;
  #undertaking: Undertaking | undefined;
  #hasBegun = false;
  #head: AuditHead | undefined;

  constructor(audit: Audit, warn: (line: string) => void) {
    this.#audit = audit;
    this.#warn = warn;
  }

  async record(event: AuditEvent): Promise<AuditHead> {
    this.#head = await this.#audit.record(event);
    return this.#head;
  }

  told(): Promise<void> {
    return this.#audit.told();
  }

  /** The head that records written by this run remember; undefined: it has recorded nothing yet. */
  get head(): AuditHead | undefined {
    return this.#head;
  }

  /** Says what this run is about, as soon as that is known. Records nothing. */
  undertake(undertaking: Undertaking): void {
    this.#undertaking = undertaking;
  }

  /** Adds what became known of a release that is undertaken; the lines that follow tell it. */
  specify(known: { readonly manifestSha256?: string | undefined; readonly deployment?: number }): void {
    if (this.#undertaking === undefined) return;
    const { subject, ...rest } = this.#undertaking;
    // Subjects are loose: a field more makes none of another kind.
    this.#undertaking = { ...rest, subject: { ...subject, ...definedOf(known) } } as Undertaking;
  }

  /** The same handlers, the first of which to be called waits until the run is on the trail. */
  announcing<S extends Step>(handlers: Handlers<S>): Handlers<S> {
    const announced = Object.entries<(step: never) => Promise<void>>(handlers).map(([kind, handle]) => [
      kind,
      async (step: never) => {
        await this.#begin();
        await handle(step);
      },
    ]);
    // Every handler is there under its own kind and takes the same step.
    return Object.fromEntries(announced) as Handlers<S>;
  }

  /**
   * Runs `work` and records how it ended. Part of the bracket of a changing command, inside the lock.
   * @throws what `work` threw, whether that could be recorded or not; ReceiverError `AUDIT_NOT_WRITTEN` after a success
   */
  async during<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await this.#orTellFailure(work);
      if (this.#hasBegun) await this.#tell({ kind: 'done' });
      return result;
    } finally {
      await this.told();
    }
  }

  async #orTellFailure<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.#tell(outcomeOf(error)).catch((unrecorded: unknown) => {
        this.#warn(`the failure is not on the audit trail: ${describeError(unrecorded).trimEnd()}`);
      });
      throw error;
    }
  }

  async #begin(): Promise<void> {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    await this.#tell({ kind: 'begun' });
  }

  async #tell(outcome: AuditOutcome): Promise<void> {
    if (this.#undertaking !== undefined) await this.record({ ...this.#undertaking, outcome });
  }
}

function definedOf(known: object): object {
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

/** What an error says of a run: somebody stopped it, it was refused for want of trust, or it failed. */
export function outcomeOf(error: unknown): AuditOutcome {
  const cause = error instanceof PlanError ? error.cause : error;
  if (!(cause instanceof CodedError)) return { kind: 'failed', code: 'BUG' };
  if (cause.category === 'interrupted') return { kind: 'interrupted' };
  return { kind: cause.category === 'trust' ? 'refused' : 'failed', code: cause.code };
}

import { executePlan, type Handlers, type Plan, renderPlan, type Step } from '@goldstream/plan';
import type { Command, CommandDeclaration } from './command.ts';
import { narrate } from './narrate.ts';
import { readValues } from './read-values.ts';
import { renderJson } from './render-json.ts';
import type { Session } from './session.ts';
import type { Arguments, Options, Values } from './values.ts';

/**
 * A command that changes something. It can only say what it wants to do; whether that is printed
 * (`--dry-run`) or done is decided here, once.
 */
export interface PlannedCommand<A extends Arguments, O extends Options, S extends Step, Tools, R>
  extends CommandDeclaration<A, O> {
  /** Looks at the machine and decides. Changes nothing. */
  readonly plan: (values: Values<A, O>, tools: Tools) => Promise<Plan<S>>;
  readonly handlers: (tools: Tools) => Handlers<S>;
  /**
   * Held from looking to the last step, for example a lock: runs `work` between taking and giving back.
   * Not taken with `--dry-run`, which must work beside another run.
   */
  readonly bracket?: (tools: Tools, work: () => Promise<void>) => Promise<void>;
  /** What the caller wants to know afterwards; goes to stdout through `render`, and into the JSON. */
  readonly result?: (values: Values<A, O>, tools: Tools, plan: Plan<S>) => Promise<R>;
  /** The result as text that ends with a newline. Without it stdout says that the goal is reached. */
  readonly render?: (result: R) => string;
}

/**
 * Makes a command of a plan and its handlers.
 *
 * @example
 * export const fetch = plannedCommand({
 *   name: 'fetch',
 *   summary: 'Download a version without receiving it',
 *   examples: ['goldstream-receiver fetch v1.3.0'],
 *   arguments: { version: { type: 'parsed', parse: parseVersion, summary: 'version to download' } },
 *   options: { store: { type: 'string', placeholder: 'url', summary: 'where releases live' } },
 *   plan: async ({ version, store }, tools: Tools) => planFetch(await fetchFacts(tools, store), version),
 *   handlers: fetchHandlers,
 * });
 */
export function plannedCommand<
  S extends Step,
  Tools,
  R = undefined,
  const A extends Arguments = Record<never, never>,
  const O extends Options = Record<never, never>,
>(declared: PlannedCommand<A, O, S, Tools, R>): Command<Tools> {
  const { name, summary, examples, arguments: takes = {}, options = {} } = declared;
  return {
    kind: 'planned',
    name,
    summary,
    examples,
    arguments: takes,
    options,
    prepare: (words) => {
      // The values were read by exactly these declarations.
      const values = readValues(takes, options, words) as Values<A, O>;
      return (tools, session) =>
        words.dryRun ? rehearse(declared, values, tools, session) : perform(declared, values, tools, session);
    },
  };
}

async function rehearse<A extends Arguments, O extends Options, S extends Step, Tools, R>(
  { plan: makePlan }: PlannedCommand<A, O, S, Tools, R>,
  values: Values<A, O>,
  tools: Tools,
  { out, json }: Session,
): Promise<number> {
  const plan = await makePlan(values, tools);
  out(json ? renderJson(plan) : renderPlan(plan));
  return 0;
}

async function perform<A extends Arguments, O extends Options, S extends Step, Tools, R>(
  { plan: makePlan, handlers, bracket = (_, work) => work(), result, render }: PlannedCommand<A, O, S, Tools, R>,
  values: Values<A, O>,
  tools: Tools,
  { out, json, io }: Session,
): Promise<number> {
  await bracket(tools, async () => {
    const plan = await makePlan(values, tools);
    const { onEvent, steps } = narrate(plan, io);
    await executePlan(plan, handlers(tools), onEvent);
    const told = await result?.(values, tools, plan);
    const ended = `${plan.goal}: ${plan.steps.length === 0 ? 'nothing to do' : 'done'}`;
    if (json) {
      const milliseconds = steps.reduce((sum, step) => sum + step.milliseconds, 0);
      out(renderJson({ goal: plan.goal, steps, milliseconds, ...(result === undefined ? {} : { result: told }) }));
    } else if (result && render) {
      io.say(ended);
      // `told` is what `result` resolved to.
      out(render(told as R));
    } else {
      out(`${ended}\n`);
    }
  });
  return 0;
}

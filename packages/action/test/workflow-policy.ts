import { parse } from 'yaml';
import * as z from 'zod';

const permissions = z.record(z.string(), z.enum(['read', 'write', 'none']));
const fields = z.record(z.string(), z.unknown()).default({});
const step = z.object({
  name: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: fields,
});
const job = z.object({
  uses: z.string().optional(),
  with: fields,
  secrets: fields,
  permissions: z.unknown().optional(),
  'timeout-minutes': z.number().optional(),
  steps: z.array(step).default([]),
});
const workflow = z.object({
  permissions: z.unknown().optional(),
  concurrency: z.object({ group: z.string(), 'cancel-in-progress': z.boolean() }).optional().catch(undefined),
  jobs: z.record(z.string(), job),
});

/** A workflow file, as far as the policy looks at it. */
export type Workflow = z.infer<typeof workflow>;

/** Reads a workflow file. @throws ZodError for what is none */
export function parseWorkflow(text: string): Workflow {
  return workflow.parse(parse(text));
}

/**
 * What a workflow may not leave open, beyond what a linter says: who else can change what runs (actions are named by
 * their commit), what a job may do (permissions are listed), what runs beside it, how long it may hang, and whether text
 * that others wrote becomes part of a script.
 *
 * @returns what is wrong, one line each; nothing for a workflow that may run
 */
export function policyComplaints(text: string): readonly string[] {
  const { permissions: granted, concurrency, jobs } = parseWorkflow(text);
  return [
    ...complaintsOfPermissions('the workflow', granted),
    ...(concurrency === undefined ? ['the workflow has no concurrency with group and cancel-in-progress'] : []),
    ...Object.entries(jobs).flatMap(([name, found]) => complaintsOfJob(name, found)),
  ];
}

function complaintsOfJob(name: string, { uses, permissions: granted, steps, ...rest }: Workflow['jobs'][string]) {
  const mayHang = uses === undefined && rest['timeout-minutes'] === undefined;
  return [
    ...complaintsOfPermissions(name, granted),
    ...(mayHang ? [`${name} has no timeout-minutes`] : []),
    ...complaintsOfUse(name, uses),
    ...steps.flatMap((found) => complaintsOfStep(name, found)),
  ];
}

function complaintsOfStep(job: string, { uses, run, with: inputs }: z.infer<typeof step>): string[] {
  const keepsToken = uses?.startsWith('actions/checkout@') && inputs['persist-credentials'] !== false;
  return [
    ...complaintsOfUse(job, uses),
    ...(keepsToken ? [`${job} leaves its token in the checkout: persist-credentials is not false`] : []),
    ...(run?.includes('${{') ? [`${job} puts an expression into a script: hand it over in env`] : []),
  ];
}

function complaintsOfUse(job: string, uses: string | undefined): string[] {
  if (uses === undefined || /^\.\//.test(uses) || /^[^@\s]+@[0-9a-f]{40}$/.test(uses)) return [];
  return [`${job} uses ${uses}, expected a path in this repository or a commit of 40 hexadecimal digits`];
}

/** `read-all`, `write-all` and nothing at all are more than anybody listed. */
function complaintsOfPermissions(who: string, granted: unknown): string[] {
  return permissions.safeParse(granted).success ? [] : [`${who} does not list its permissions`];
}

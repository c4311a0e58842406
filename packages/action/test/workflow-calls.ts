import { basename } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { parseWorkflow, type Workflow } from './workflow-policy.ts';

const takes = z.record(z.string(), z.object({ required: z.boolean().default(false) })).default({});
const action = z.object({ inputs: takes });
const callable = z.object({ on: z.object({ workflow_call: z.object({ inputs: takes, secrets: takes }) }) });
const permissions = z.record(z.string(), z.string());

/** Our own action, wherever the checkout is. */
const ACTION = /^\.\/(\.goldstream\/)?(?<path>packages\/action)$/;
/** Our own workflows, from here and from other repositories. */
const WORKFLOW = /^(\.|OWNER\/goldstream)\/(?<path>\.github\/workflows\/[\w-]+\.yml)(@\w+)?$/;

/**
 * What does not fit between a workflow and those of our workflows and actions that it calls: inputs, secrets,
 * permissions. A linter sees one file at a time.
 *
 * @param read the text of a file of this repository
 * @returns what is wrong, one line each
 */
export function callComplaints(text: string, read: (path: string) => string): readonly string[] {
  return Object.entries(parseWorkflow(text).jobs).flatMap(([name, job]) => [
    ...complaintsOfCall(name, job, read),
    ...job.steps.flatMap(({ uses, with: given }) => {
      const path = ACTION.exec(uses ?? '')?.groups?.['path'];
      if (path === undefined) return [];
      return misfits(name, given, action.parse(parse(read(`${path}/action.yml`))).inputs, 'the action');
    }),
  ]);
}

function complaintsOfCall(name: string, job: Workflow['jobs'][string], read: (path: string) => string): string[] {
  const path = WORKFLOW.exec(job.uses ?? '')?.groups?.['path'];
  if (path === undefined) return [];
  const called = read(path);
  const { inputs, secrets } = callable.parse(parse(called)).on.workflow_call;
  const file = basename(path);
  return [
    ...misfits(name, job.with, inputs, file),
    ...misfits(name, job.secrets, secrets, file),
    ...lacking(name, permissions.parse(job.permissions), parseWorkflow(called), file),
  ];
}

function misfits(name: string, given: object, taken: z.infer<typeof takes>, what: string): string[] {
  const required = Object.keys(taken).filter((input) => taken[input]?.required === true);
  return [
    ...Object.keys(given).flatMap((input) =>
      input in taken ? [] : [`${name} gives '${input}', which ${what} does not take`],
    ),
    ...required.flatMap((input) => (input in given ? [] : [`${name} does not give '${input}' to ${what}`])),
  ];
}

/** GitHub refuses to start a called workflow of which a job asks for more than its caller has. */
function lacking(name: string, granted: z.infer<typeof permissions>, called: Workflow, file: string): string[] {
  return Object.entries(called.jobs).flatMap(([job, { permissions: asked }]) =>
    Object.entries(permissions.parse(asked)).flatMap(([what, level]) =>
      granted[what] === 'write' || granted[what] === level
        ? []
        : [`${name} may not ${what}: ${level}, as ${file}'s ${job}`],
    ),
  );
}

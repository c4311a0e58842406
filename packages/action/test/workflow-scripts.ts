import { parseWorkflow } from './workflow-policy.ts';

/** The script of the step `name`, as the runner hands it to bash. */
export function scriptOf(workflow: string, name: string): string {
  const steps = Object.values(parseWorkflow(workflow).jobs).flatMap((job) => job.steps);
  const script = steps.find((step) => step.name === name)?.run;
  if (script === undefined) throw new Error(`no step ${name} with a script`);
  return script;
}

/** The command with which the runner starts the script of a step that says `shell: bash`. */
export function bashOf(script: string) {
  return ['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', script] as const;
}

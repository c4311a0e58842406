import { type BootFacts, gatherBoot, missingOf } from '../boot/facts.ts';
import { programOf, renderBootUnits } from '../boot/render-boot-unit.ts';
import type { Tools } from '../host/tools.ts';

/** What is said of the units that run the receiver at boot. */
export interface BootVerdict {
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly found: string;
  readonly hint?: string;
}

/** Whether the units that run the receiver at boot are installed, current, enabled, and have something to run. */
export async function checkBoot(tools: Pick<Tools, 'layout' | 'systemctl'>): Promise<BootVerdict> {
  const { root, application } = tools.layout;
  const facts = await gatherBoot(tools);
  const words = facts.files.flatMap(({ found = '' }) => programOf(found) ?? []);
  const missing = await missingOf(root, [...new Set(words)]);
  const verdict = judgeBoot(facts, root === '/' ? missing : []);
  if (verdict.verdict !== 'ok') return { ...verdict, hint: `Run goldstream-receiver --app ${application} prepare` };
  if (missing.length === 0) return verdict;
  // A tree may still be filled.
  const found = `the units run ${missing.join(' and ')}, which is not in ${root} yet`;
  return { verdict: 'warn', found, hint: 'Install it there before that host starts.' };
}

/**
 * The verdict. A unit may run another copy of this program than the one that looks: an installed one, or a checkout.
 * @param missing paths that the installed units name and that are not there
 */
export function judgeBoot({ files, enabled, mountActive }: BootFacts, missing: readonly string[]): BootVerdict {
  const fail = (found: string): BootVerdict => ({ verdict: 'fail', found });
  for (const { name, found } of files) {
    if (found === undefined) return fail(`${name} is not installed`);
    const program = programOf(found);
    const current = program && renderBootUnits(program).find((unit) => unit.name === name)?.content;
    if (found !== current) return fail(`${name} is not as this version writes it`);
  }
  if (missing.length > 0) return fail(`the units run ${missing.join(' and ')}, which is not there`);
  const disabled = [...enabled].filter(([, state]) => state !== 'enabled');
  if (disabled.length > 0) return fail(disabled.map(([unit, state]) => `${unit} is ${state}`).join(', '));
  if (!mountActive) return { verdict: 'warn', found: 'enabled, but what mounts at boot is not active now' };
  return { verdict: 'ok', found: 'deployments are mounted and judged at boot' };
}

import { renderTable } from '@goldstream/cli';
import type { Tools } from '../host/tools.ts';
import { checkCommands, checkStage, type StageFinding } from './check-stage.ts';
import { chooseStages } from './choose-stages.ts';
import { gatherStaging } from './facts.ts';

/** What verifying stages came to. */
export interface StagesVerified {
  /** Those that are deployed, in the order of their numbers. */
  readonly stages: readonly string[];
  readonly findings: readonly StageFinding[];
  /** Commands are run where the system is; below another root nothing runs. */
  readonly commandsRun: boolean;
  readonly ok: boolean;
}

/**
 * Looks whether stages work as they were deployed: links lead somewhere, copies are unmodified or knowingly modified,
 * modes and owners, units, commands. A change to what is the operator's (`copy-if-not-exists`) is told, and is no failure.
 * @param words stages as typed; none: all that are deployed
 */
export async function verifyStages(tools: Tools, words: readonly string[]): Promise<StagesVerified> {
  const { stages } = await gatherStaging(tools);
  const known = [...stages.values()].toSorted((one, other) => (one.number ?? 0) - (other.number ?? 0));
  const chosen = words.length === 0 ? known.filter(({ marker }) => marker !== undefined) : chooseStages(words, known);
  const findings: StageFinding[] = [];
  for (const stage of chosen) {
    if (stage.marker === undefined) {
      findings.push({ stage: stage.name, what: '.deployed', found: 'not deployed', verdict: 'failed' });
    }
    findings.push(...(await checkStage(tools, stage)), ...(await checkCommands(tools, stage)));
  }
  return {
    stages: chosen.map(({ name }) => name),
    findings,
    commandsRun: tools.layout.root === '/',
    ok: findings.every(({ verdict }) => verdict === 'known'),
  };
}

/** What is not as it was deployed as a table, and the verdict. */
export function renderStagesVerified({ stages, findings, ok }: StagesVerified): string {
  const table = renderTable(findings, [
    { title: 'STAGE', cell: ({ stage }) => stage },
    { title: 'WHAT', cell: ({ what }) => what },
    { title: 'FOUND', cell: ({ found }) => found },
    { title: '', cell: ({ verdict }) => verdict },
  ]);
  if (stages.length === 0) return 'nothing is deployed\n';
  return `${table}${stages.join(', ')}: ${ok ? 'as deployed' : 'not as deployed'}\n`;
}

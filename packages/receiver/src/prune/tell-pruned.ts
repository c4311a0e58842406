import { formatBytes } from '@goldstream/cli';
import type { Plan } from '@goldstream/plan';
import type { Version } from '@goldstream/release';
import { spaceOf } from '@goldstream/system';
import { gatherHost } from '../host/facts.ts';
import { numberName } from '../host/layout.ts';
import type { Tools } from '../host/tools.ts';
import type { PruneStep } from './plan-prune.ts';

/** What a prune came to. */
export interface Pruned {
  readonly versions: readonly Version[];
  readonly deployments: readonly number[];
  /** Planned to go, and kept because somebody uses it. */
  readonly kept: readonly string[];
  readonly freedBytes: number;
}

/** Looks at what is left of what a plan wanted to remove. */
export async function tellPruned({ runner, layout }: Tools, { steps }: Plan<PruneStep>): Promise<Pruned> {
  const [{ present, deployments }, { used }] = await Promise.all([gatherHost(layout), spaceOf(runner, layout.pool)]);
  const left = { versions: new Set(present), deployments: new Set(deployments.map(({ number }) => number)) };
  const versions = steps.flatMap((step) => (step.kind === 'delete-version' ? [step.version] : []));
  const numbers = steps.flatMap((step) => (step.kind === 'remove-deployment' ? [step.record.number] : []));
  const before = steps.find((step) => step.kind === 'await-space')?.usedBytes ?? used;
  return {
    versions: versions.filter((version) => !left.versions.has(version)),
    deployments: numbers.filter((number) => !left.deployments.has(number)),
    kept: [
      ...numbers.filter((number) => left.deployments.has(number)).map((number) => `deployment ${numberName(number)}`),
      ...versions.filter((version) => left.versions.has(version)),
    ],
    freedBytes: Math.max(0, before - used),
  };
}

/** The result as one line. */
export function renderPruned({ versions, deployments, kept, freedBytes }: Pruned): string {
  if (versions.length + deployments.length + kept.length === 0) return 'nothing to prune\n';
  const parts = [
    ...(versions.length === 0 ? [] : [`deleted ${versions.join(', ')}`]),
    ...(deployments.length === 0
      ? []
      : [`took away ${deployments.length} deployment${deployments.length === 1 ? '' : 's'}`]),
    ...(kept.length === 0 ? [] : [`kept in use: ${kept.join(', ')}`]),
    `${formatBytes(freedBytes)} freed`,
  ];
  return `${parts.join('; ')}\n`;
}

import type { HostStage, SnapshotFacts } from './facts.ts';

/** The snapshot that a stage's deployment is compared with, while it is there. */
export function asDeployed({ marker, snapshots }: Pick<HostStage, 'marker' | 'snapshots'>): SnapshotFacts | undefined {
  return snapshots.find(({ name }) => name === marker?.as);
}

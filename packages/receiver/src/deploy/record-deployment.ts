import type { Tools } from '../host/tools.ts';
import type { DeploymentRecord } from '../state/records.ts';
import { writeDeploymentRecord } from '../state/store-records.ts';

/** Writes a deployment's record, and in it where the audit trail ends now, if this run has written to it. */
export async function recordDeployment(
  { layout, audit }: Pick<Tools, 'layout' | 'audit'>,
  record: DeploymentRecord,
): Promise<void> {
  const { head } = audit;
  await writeDeploymentRecord(layout, head === undefined ? record : { ...record, audit: head });
}

import { ReceiverError } from '../error.ts';
import type { HealthTools, Patient } from './health-tools.ts';
import type { Health } from './judge-health.ts';
import { watchHealth } from './watch-health.ts';

/** How well a unit must be: `healthy` at one look, or `stable` for as long as its manifest says. */
export type Demand = 'healthy' | 'stable';

/**
 * Waits until all these units are as well as is demanded; looks at them side by side, and stops at the first one that
 * is unhealthy. Comes to an end whatever the units do: each has its deadline.
 * @throws ReceiverError `DEPLOY_UNHEALTHY`; the reason of `signal` when that is aborted
 */
export async function demandHealth(
  tools: HealthTools,
  patients: readonly Patient[],
  { demand, signal }: { readonly demand: Demand; readonly signal: AbortSignal },
): Promise<void> {
  const enough = new AbortController();
  const either = AbortSignal.any([signal, enough.signal]);
  try {
    await Promise.all(patients.map((patient) => demandOf(tools, patient, demand, either)));
  } finally {
    enough.abort();
  }
}

async function demandOf(tools: HealthTools, patient: Patient, demand: Demand, signal: AbortSignal): Promise<void> {
  for await (const health of watchHealth(tools, patient, signal)) {
    if (health.kind === 'unhealthy') throw unhealthy(patient, health);
    if (health.kind === 'healthy' && (health.stable || demand === 'healthy')) return;
  }
}

function unhealthy({ unit }: Patient, { because }: Extract<Health, { kind: 'unhealthy' }>): ReceiverError {
  return new ReceiverError('DEPLOY_UNHEALTHY', `${unit} ${because}`, { hint: `Look at: journalctl -u ${unit}` });
}

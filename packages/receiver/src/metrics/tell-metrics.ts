import type { DeploymentStatus, Status } from '../status/status.ts';
import type { Metric } from './metric.ts';

/** What `status` says, as figures to be watched and alarmed on. Pure. Metrics and labels are only ever added. */
export function tellMetrics(status: Status, program: string): readonly Metric[] {
  const app = { app: status.application };
  const one = (name: string, help: string, value: number | undefined): Metric => ({
    name,
    help,
    samples: value === undefined ? [] : [{ labels: app, value }],
  });
  return [
    {
      name: 'goldstream_receiver_info',
      help: 'Version of the program that wrote this.',
      samples: [{ labels: { ...app, version: program }, value: 1 }],
    },
    one('goldstream_attention', 'Things that somebody should look at; status names them.', status.attention.length),
    ...deploymentMetrics(status, app, one),
    ...versionMetrics(status, app, one),
    one('goldstream_pool_size_bytes', 'Size of the pool.', status.pool.total),
    one('goldstream_pool_used_bytes', 'What is in use of it.', status.pool.used),
    one('goldstream_pool_free_bytes', 'What file data can still take.', status.pool.free),
    ...trustMetrics(status, app, one),
    one('goldstream_audit_entries', 'Entries of the audit trail.', status.audit?.number),
  ];
}

type Labels = Readonly<Record<string, string>>;
type One = (name: string, help: string, value: number | undefined) => Metric;

function deploymentMetrics({ active, previous, onTrial }: Status, app: Labels, one: One): readonly Metric[] {
  const roles: readonly (readonly [string, DeploymentStatus | null])[] = [
    ['active', active],
    ['previous', previous],
  ];
  return [
    {
      name: 'goldstream_deployment_info',
      help: 'The deployment that is active and the one before, with version and state.',
      samples: roles.flatMap(([role, deployment]) => {
        if (deployment === null) return [];
        const { number, version, state } = deployment;
        return [{ labels: { ...app, role, deployment: String(number), version, state }, value: 1 }];
      }),
    },
    one('goldstream_active_mounted', 'Whether the active deployment is mounted.', active ? bit(active.mounted) : 0),
    one('goldstream_active_since_timestamp_seconds', 'When it became active.', active ? time(active.since) : undefined),
    one('goldstream_on_trial', 'Whether a deployment is on trial.', bit(onTrial !== null)),
  ];
}

function versionMetrics({ versions, blocked, pins }: Status, app: Labels, one: One): readonly Metric[] {
  const each = (name: string, help: string, tell: (version: Status['versions'][number]) => number | undefined) => ({
    name,
    help,
    samples: versions.flatMap((version) => {
      const value = tell(version);
      return value === undefined ? [] : [{ labels: { ...app, version: version.version }, value }];
    }),
  });
  return [
    one('goldstream_versions', 'Received versions that are here.', versions.length),
    one('goldstream_versions_blocked', 'Versions that are not deployed again by themselves.', blocked.length),
    one('goldstream_versions_pinned', 'Versions that prune keeps because somebody said so.', pins.length),
    each('goldstream_version_signed', 'Whether a version was taken with signatures.', ({ signed }) => bit(signed)),
    each('goldstream_version_drifted', 'Whether a version is not what was received any more.', ({ drift }) =>
      bit(drift !== null),
    ),
    each(
      'goldstream_version_verified_ok',
      'Whether the last look at every byte found what was released.',
      ({ deep }) => (deep === null ? undefined : bit(deep.ok)),
    ),
    each('goldstream_version_verified_timestamp_seconds', 'When every byte was looked at last.', ({ deep }) =>
      deep === null ? undefined : time(deep.at),
    ),
  ];
}

function trustMetrics({ trust, active }: Status, app: Labels, one: One): readonly Metric[] {
  const { channel, keys } = trust;
  const accepted = channel?.accepted ?? undefined;
  return [
    one('goldstream_keys_document', 'Number of the keys document that is believed; 0 is the operator’s keyring.', keys),
    {
      name: 'goldstream_channel_info',
      help: 'The channel that was accepted last, and the release that it says hosts should run.',
      samples:
        channel === null || accepted === undefined
          ? []
          : [{ labels: { ...app, channel: channel.name, current: accepted.current }, value: 1 }],
    },
    one(
      'goldstream_channel_accepted',
      'Whether the configured channel was ever accepted.',
      channel ? bit(accepted !== undefined) : undefined,
    ),
    one('goldstream_channel_sequence', 'Its sequence.', accepted?.sequence),
    one(
      'goldstream_channel_expires_timestamp_seconds',
      'From when on nothing new is taken on its word.',
      time(accepted?.expires),
    ),
    one(
      'goldstream_channel_checked_timestamp_seconds',
      'When it was looked at last and believed.',
      time(accepted?.checkedAt),
    ),
    one(
      'goldstream_channel_followed',
      'Whether what is active is what it says.',
      accepted && bit(active?.version === accepted.current),
    ),
  ];
}

function bit(value: boolean): number {
  return value ? 1 : 0;
}

/** Seconds since 1970 of an ISO 8601 time. */
function time<T extends string | undefined>(iso: T): T extends undefined ? number | undefined : number;
function time(iso: string | undefined): number | undefined {
  return iso === undefined ? undefined : Date.parse(iso) / 1000;
}

import { formatBytes, renderTable } from '@goldstream/cli';
import { numberName } from '../host/layout.ts';
import type { TrustStatus } from '../trust/tell-trust.ts';
import type { DeepStatus, DeploymentStatus, Status } from './status.ts';

/** The status as a person reads it: what runs first, then what is here, then what is wrong. */
export function renderStatus(status: Status): string {
  const { application, pool, active, versions, pins, blocked, audit, attention } = status;
  const room = `${formatBytes(pool.free)} free, ${formatBytes(pool.used)} used of ${formatBytes(pool.total)}`;
  const here = new Set<string>(versions.map(({ version }) => version));
  return [
    `${application}  ${pool.path}: ${room}\n`,
    renderTrust(status.trust),
    active === null ? 'nothing is deployed\n' : renderDeployments(status),
    renderTable(versions, [
      { title: 'VERSION', cell: ({ version }) => version },
      { title: 'RECEIVED', cell: ({ receivedAt }) => formatTime(receivedAt) },
      { title: 'HOW', cell: ({ how }) => how },
      { title: 'VERIFIED DEEP', cell: ({ deep }) => renderDeep(deep) },
      { title: 'DRIFT', cell: ({ drift }) => (drift === null ? 'none' : 'DRIFTED') },
      {
        title: '',
        cell: ({ pinned, signed }) => [pinned && 'pinned', !signed && 'unsigned'].filter(Boolean).join(', '),
      },
    ]),
    section(
      'pinned, and not here',
      pins.filter((pin) => !here.has(pin)),
    ),
    section(
      'blocked',
      blocked.map(({ version, reason }) => `${version}: ${reason}`),
    ),
    audit === null ? '' : `audit trail: ${audit.number} entries, head ${audit.number}:${audit.sha256}\n`,
    section('needs attention', attention),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** One line, on a host that follows a channel or a chain of keys. */
function renderTrust({ keys, channel }: TrustStatus): string {
  const by = keys === 0 ? '' : `, keys document ${keys}`;
  if (channel === null) return keys === 0 ? '' : `no channel${by}\n`;
  const { name, accepted } = channel;
  if (accepted === null) return `channel ${name}: never accepted${by}\n`;
  const { sequence, current, expires, secondsLeft, checkedAt } = accepted;
  const until = secondsLeft > 0 ? `expires ${formatTime(expires)}` : `EXPIRED ${formatTime(expires)}`;
  return `channel ${name}: ${current}, sequence ${sequence}, ${until}, checked ${formatTime(checkedAt)}${by}\n`;
}

function renderDeployments({ active, previous, onTrial, others }: Status): string {
  const trial = onTrial?.number === active?.number || onTrial?.number === previous?.number ? null : onTrial;
  const rows: readonly (readonly [string, DeploymentStatus | null])[] = [
    ['active', active],
    ['previous', previous],
    ['on trial', trial],
    ...others.map((other) => ['', other] as const),
  ];
  const told = rows.flatMap(([role, deployment]) => (deployment === null ? [] : [{ role, ...deployment }]));
  return renderTable(told, [
    { title: 'DEPLOYMENT', cell: ({ number, role }) => `${numberName(number)} ${role}`.trim() },
    { title: 'VERSION', cell: ({ version }) => version },
    { title: 'STATE', cell: ({ state }) => (state === 'trial' ? 'on trial' : state) },
    { title: 'SINCE', cell: ({ since }) => formatTime(since) },
    { title: '', cell: ({ mounted }) => (mounted ? 'mounted' : 'not mounted') },
  ]);
}

function renderDeep(deep: DeepStatus | null): string {
  if (deep === null) return 'never';
  return deep.ok ? formatTime(deep.at) : `FAILED ${formatTime(deep.at)}`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** To the minute, in UTC: `2026-11-22 03:12 UTC`. */
function formatTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

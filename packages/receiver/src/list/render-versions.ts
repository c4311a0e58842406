import { formatBytes, renderTable } from '@goldstream/cli';
import type { ListedVersion, VersionList } from './tell-versions.ts';

/** The list as a table. */
export function renderVersions({ versions }: VersionList): string {
  return renderTable(versions, [
    { title: 'VERSION', cell: ({ version }) => version },
    { title: 'HERE', cell: ({ here, active }) => (active ? 'active' : here ? 'received' : '-') },
    {
      title: 'DOWNLOAD',
      cell: ({ download }) => (download === null ? '-' : formatBytes(download.bytes)),
      align: 'right',
    },
    { title: 'HOW', cell: ({ download }) => download?.how ?? '-' },
    { title: 'NOTES', cell: notesOf },
  ]);
}

function notesOf({ offered, pinned, blocked, refused, channel }: ListedVersion): string {
  return [
    pinned ? 'pinned' : undefined,
    blocked === null ? undefined : `blocked: ${blocked}`,
    refused === null ? undefined : `NOT OFFERED: ${refused}`,
    channel === null || channel.kind === 'active' ? undefined : channel.reason,
    offered || refused !== null || channel !== null ? undefined : 'not in the store',
  ]
    .filter((note) => note !== undefined)
    .join('; ');
}

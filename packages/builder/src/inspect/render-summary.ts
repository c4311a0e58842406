import { formatBytes, renderTable } from '@goldstream/cli';
import type { CommandTotals, StreamSummary } from '@goldstream/send-stream';

/** A stream's summary as a person reads it. */
export function renderSummary({ head, bytes, commands, dataBytes, clonedBytes, paths }: StreamSummary): string {
  const lines = [
    `${head.kind} stream of ${head.name}, protocol ${head.version}, ${formatBytes(bytes)}`,
    `  uuid     ${head.uuid} (transid ${head.transid})`,
    ...(head.parent === undefined ? [] : [`  parent   ${head.parent.uuid}`]),
    `  carries  ${formatBytes(dataBytes)} of file contents, clones ${formatBytes(clonedBytes)}, acts on ${paths} paths`,
    '',
  ];
  // Only commands that occur are listed.
  const rows = Object.entries(commands) as [string, CommandTotals][];
  const table = renderTable(rows, [
    { title: 'command', cell: ([name]) => name },
    { title: 'count', cell: ([, { count }]) => String(count), align: 'right' },
    { title: 'bytes', cell: ([, totals]) => String(totals.bytes), align: 'right' },
  ]);
  return `${lines.join('\n')}\n${table}`;
}

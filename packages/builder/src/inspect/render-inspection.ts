import { formatBytes, renderTable } from '@goldstream/cli';
import type { CommandTotals, StreamSummary } from '@goldstream/send-stream';
import type { PassedStream } from './guard-stream.ts';
import type { Inspection } from './inspect-streams.ts';

/** What was found out about streams, as a person reads it. */
export function renderInspection(found: Inspection): string {
  if (found === undefined) return '';
  if ('passed' in found) return found.passed.map(renderPassed).join('');
  return 'streams' in found ? found.streams.map(renderSummary).join('\n') : renderSummary(found);
}

function renderPassed({ head, bytes }: PassedStream): string {
  return `the guard lets the ${head.kind} stream of ${head.name} pass, ${formatBytes(bytes)}\n`;
}

function renderSummary({ head, bytes, commands, dataBytes, clonedBytes, paths, ...lists }: StreamSummary): string {
  const lines = [
    `${head.kind} stream of ${head.name}, protocol ${head.version}, ${formatBytes(bytes)}`,
    `  uuid     ${head.uuid} (transid ${head.transid})`,
    ...(head.parent === undefined ? [] : [`  parent   ${head.parent.uuid}`]),
    `  carries  ${formatBytes(dataBytes)} of file contents, clones ${formatBytes(clonedBytes)}, acts on ${paths} paths`,
  ];
  // Only commands that occur are listed.
  const rows = Object.entries(commands) as [string, CommandTotals][];
  const tables = [
    renderTable(rows, [
      { title: 'command', cell: ([name]) => name },
      { title: 'count', cell: ([, { count }]) => String(count), align: 'right' },
      { title: 'bytes', cell: ([, totals]) => String(totals.bytes), align: 'right' },
    ]),
    renderTable(lists.largest, [
      { title: 'carried', cell: ({ carried }) => formatBytes(carried), align: 'right' },
      { title: 'set anew', cell: (file) => formatBytes(file.bytes), align: 'right' },
      { title: 'file', cell: ({ path }) => path },
    ]),
    renderTable(lists.findings, [
      { title: 'finding', cell: ({ kind }) => kind },
      { title: 'weight', cell: ({ weight }) => weight },
      { title: 'path', cell: ({ path = '' }) => path },
      { title: 'what', cell: ({ says }) => says },
    ]),
  ];
  return [`${lines.join('\n')}\n`, ...tables.filter((table) => table !== '')].join('\n');
}

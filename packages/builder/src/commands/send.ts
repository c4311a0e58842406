import { formatBytes, plannedCommand, renderTable } from '@goldstream/cli';
import { encodedBytes, type Version } from '@goldstream/release';
import { findReports } from '../delta/find-reports.ts';
import { withLock } from '../pool/with-lock.ts';
import { findStream, gatherSend, type SendWish } from '../send/facts.ts';
import { planSend } from '../send/plan-send.ts';
import { sendHandlers } from '../send/send-handlers.ts';
import type { Tools } from '../tools.ts';
import { maxDeltaOption } from './max-delta-option.ts';
import { versionArgument } from './version-argument.ts';

export const send = plannedCommand({
  name: 'send',
  summary: 'Write send streams of a version, compressed and cut into assets',
  examples: [
    'goldstream-builder send v1.3.0',
    'goldstream-builder send v1.3.0 --parent v1.2.9 --parent v1.2.8',
    'goldstream-builder send v1.3.0 --full --parent v1.2.9',
    'goldstream-builder send v1.3.0 --parent v1.2.9 --max-delta 20MB',
  ],
  arguments: { version: versionArgument('version whose snapshot is sent') },
  options: {
    parent: {
      ...versionArgument('send what differs from this version'),
      short: 'p',
      repeatable: true,
    },
    full: { type: 'boolean', summary: 'the full stream too, beside those from parents' },
    maxDelta: maxDeltaOption,
  },
  bracket: withLock,
  plan: async (values, tools: Tools) => planSend(await gatherSend(tools, values.version, wantedStreams(values))),
  handlers: sendHandlers,
  result: async (values, { layout }) => {
    const { full, parents } = wantedStreams(values);
    const records = await Promise.all(
      [...(full ? [undefined] : []), ...new Set(parents)].map((parent) => findStream(layout, values.version, parent)),
    );
    return {
      directory: layout.assets(values.version),
      streams: records.flatMap((record) => record?.stream ?? []),
      deltas: await findReports(layout, values.version, [...new Set(parents)]),
    };
  },
  render: ({ directory, streams }) =>
    `${directory}:\n${renderTable(
      streams.flatMap((stream) => stream.assets.map((asset) => ({ stream, asset }))),
      [
        { title: 'asset', cell: ({ asset }) => asset.name },
        { title: 'size', cell: ({ asset }) => formatBytes(asset.bytes), align: 'right' },
        { title: 'of', cell: ({ stream }) => formatBytes(encodedBytes(stream)), align: 'right' },
        { title: 'raw', cell: ({ stream }) => formatBytes(stream.rawBytes), align: 'right' },
      ],
    )}`,
});

interface SendValues {
  readonly parent: readonly Version[];
  readonly full: boolean;
  readonly maxDelta: number | undefined;
}

/** Without a parent the full stream is meant. */
function wantedStreams({ parent, full, maxDelta }: SendValues): SendWish {
  return { full: full || parent.length === 0, parents: parent, maxDelta };
}

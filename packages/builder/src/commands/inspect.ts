import { query } from '@goldstream/cli';
import { summarizeStream } from '@goldstream/send-stream';
import { demandTools } from '@goldstream/system';
import { openFiles, withRawStream } from '../inspect/open-stream.ts';
import { renderSummary } from '../inspect/render-summary.ts';
import type { Tools } from '../tools.ts';

export const inspect = query({
  name: 'inspect',
  summary: 'Tell what a send stream holds: head, commands, sizes',
  examples: [
    'goldstream-builder inspect op-dbus-v1.3.0.full.btrfs.zst',
    'cat op-dbus-v1.3.0.full.btrfs.zst.part* | goldstream-builder inspect -',
    'btrfs send --no-data -p v1.2.9 v1.3.0 | goldstream-builder inspect - --json',
  ],
  arguments: { file: { type: 'string', summary: 'raw or zstd-compressed stream; - is stdin' } },
  answer: async ({ file }, { runner, streams, io }: Tools) => {
    await demandTools(runner, ['zstd']);
    return withRawStream(runner, openFiles([file], streams.input), io.signal, summarizeStream);
  },
  render: renderSummary,
});

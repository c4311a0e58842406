import { CliError, query, timeoutOption } from '@goldstream/cli';
import type { Version } from '@goldstream/release';
import { demandTools } from '@goldstream/system';
import { changesDocument } from '../diff/changes-document.ts';
import { diffSnapshots } from '../diff/diff-snapshots.ts';
import { readChanges } from '../diff/read-changes.ts';
import { renderChanges } from '../diff/render-changes.ts';
import { streamOfFiles } from '../inspect/find-streams.ts';
import { withStream } from '../inspect/with-stream.ts';
import type { Tools } from '../tools.ts';
import { versionArgument } from './version-argument.ts';

export const diff = query({
  name: 'diff',
  summary: 'List which files differ between two versions, or what a stream changes',
  examples: [
    'goldstream-builder diff v1.2.9 v1.3.0',
    'goldstream-builder diff v1.2.9 v1.3.0 --json',
    'goldstream-builder diff --stream op-dbus-v1.3.0.from-v1.2.9.btrfs.zst',
  ],
  arguments: {
    from: { ...versionArgument('version to compare with; its snapshot must be here'), optional: true },
    to: { ...versionArgument('version that is looked at; its snapshot must be here'), optional: true },
  },
  options: {
    stream: {
      type: 'string',
      placeholder: 'file',
      repeatable: true,
      summary: 'a stream instead: raw or .zst, once for each part in order, - for stdin',
    },
    timeout: timeoutOption,
  },
  answer: async ({ from, to, stream: files, timeout }, tools: Tools) => {
    if (files.length === 0) return diffSnapshots(tools, demandVersions(from, to));
    if (from !== undefined) throw new CliError('CLI_USAGE', 'versions and --stream were given, expected one of them');
    await demandTools(tools.runner, ['zstd']);
    try {
      const { head, changes } = await withStream(tools, await streamOfFiles(tools, files), timeout, readChanges);
      return changesDocument(head, changes, {});
    } finally {
      if (files.includes('-')) tools.streams.input.destroy();
    }
  },
  render: renderChanges,
});

function demandVersions(
  from: Version | undefined,
  to: Version | undefined,
): { readonly from: Version; readonly to: Version } {
  if (from !== undefined && to !== undefined) return { from, to };
  throw new CliError('CLI_USAGE', 'two versions are needed, or --stream');
}

import { CliError, type Command, query, timeoutOption } from '@goldstream/cli';
import { demandTools } from '@goldstream/system';
import { findStreams } from '../inspect/find-streams.ts';
import { type InspectionWish, inspectStreams } from '../inspect/inspect-streams.ts';
import { renderInspection } from '../inspect/render-inspection.ts';
import type { Tools } from '../tools.ts';

const asked = query({
  name: 'inspect',
  summary: 'Tell what a send stream holds, or whether the guard lets it pass',
  examples: [
    'goldstream-builder inspect op-dbus-v1.3.0.full.btrfs.zst',
    'goldstream-builder inspect op-dbus-v1.3.0.full.btrfs.zst.part*',
    'goldstream-builder inspect v1.3.0 --store dir:/srv/releases',
    'btrfs send --no-data -p v1.2.9 v1.3.0 | goldstream-builder inspect - --json',
    'goldstream-builder inspect --dump op-dbus-v1.3.0.from-v1.2.9.btrfs.zst',
    'goldstream-builder inspect --guard --manifest op-dbus-v1.3.0.manifest.json v1.3.0.stream',
    'goldstream-builder inspect --guard --name v1.3.0 v1.3.0.stream',
  ],
  arguments: {
    file: {
      type: 'string',
      variadic: true,
      summary: 'raw or zstd-compressed stream, its parts in order, - for stdin; a version in a store, or its manifest',
    },
  },
  options: {
    dump: { type: 'boolean', summary: 'every command, as btrfs receive --dump prints it' },
    guard: { type: 'boolean', summary: 'let the guard judge it: exit code 4 when it is malformed, 5 when refused' },
    name: { type: 'string', summary: 'for --guard: the subvolume that the stream may make; default: any' },
    uuid: { type: 'string', summary: 'for --guard: UUID of the snapshot; default: any' },
    transid: { type: 'integer', min: 0, summary: 'for --guard: transid of the snapshot; default: any' },
    parentUuid: { type: 'string', placeholder: 'uuid', summary: 'for --guard: the parent; default: a full stream' },
    manifest: { type: 'string', placeholder: 'file', summary: 'for --guard: the release manifest says all of it' },
    store: { type: 'string', placeholder: 'store', summary: 'where the version is; default: store of golden.yaml' },
    timeout: timeoutOption,
  },
  answer: async ({ file: words, store, ...wish }, tools: Tools) => {
    refuseMixture(wish);
    await demandTools(tools.runner, ['zstd']);
    try {
      return await inspectStreams(tools, await findStreams(tools, words, store), wish);
    } finally {
      if (words.includes('-')) tools.streams.input.destroy();
    }
  },
  render: renderInspection,
});

/** A dump is bytes as they come, not an answer that could be a document. */
export const inspect: Command<Tools> = {
  ...asked,
  prepare: (words) => {
    const run = asked.prepare(words);
    return (tools, session) => {
      if (session.json && words.options['dump'] === true) throw new CliError('CLI_USAGE', '--dump has no form as JSON');
      return run(tools, session);
    };
  },
};

function refuseMixture({ dump, guard, name, uuid, transid, parentUuid, manifest }: InspectionWish): void {
  const said = [name, uuid, transid, parentUuid].some((value) => value !== undefined);
  if (dump && guard) throw new CliError('CLI_USAGE', '--dump and --guard were given, expected at most one of them');
  if (!guard && (said || manifest !== undefined)) {
    throw new CliError('CLI_USAGE', 'what a stream must be was said without --guard');
  }
  if (said && manifest !== undefined) {
    throw new CliError('CLI_USAGE', '--manifest says name, UUIDs and transid: leave the other options out');
  }
}

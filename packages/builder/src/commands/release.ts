import { CliError, formatBytes, plannedCommand, renderTable } from '@goldstream/cli';
import { encodedBytes, type Version } from '@goldstream/release';
import { withLock } from '../pool/with-lock.ts';
import { gatherRelease } from '../release/facts.ts';
import type { ParentWish } from '../release/find-parents.ts';
import { planRelease } from '../release/plan-release.ts';
import { releaseHandlers } from '../release/release-handlers.ts';
import { tellRelease } from '../release/tell-release.ts';
import type { Tools } from '../tools.ts';
import { keyOption } from './key-option.ts';
import { maxDeltaOption } from './max-delta-option.ts';
import { versionArgument } from './version-argument.ts';

export const release = plannedCommand({
  name: 'release',
  summary: 'Send what is missing of a version, sign it, and publish it',
  examples: [
    'goldstream-builder release v1.3.0 --to dir:/srv/releases',
    'goldstream-builder release v1.3.0 --to github:OWNER/REPO',
    'goldstream-builder release v1.3.0 --parent v1.2.9',
    'goldstream-builder release v1.3.0 --full-only --dry-run',
    'goldstream-builder release v1.3.0 --max-delta 20MB',
    'goldstream-builder release v1.3.0 --signing-key - --passphrase-fd 3 3< passphrase < key.asc',
  ],
  arguments: { version: versionArgument('version to release; its snapshot must be here') },
  options: {
    to: {
      type: 'string',
      placeholder: 'store',
      summary: 'store to publish in, dir:PATH or github:OWNER/REPO; default: store of golden.yaml',
    },
    parent: {
      ...versionArgument('incremental from exactly this release, not the last few'),
      short: 'p',
      repeatable: true,
    },
    fullOnly: { type: 'boolean', summary: 'no incrementals' },
    maxDelta: maxDeltaOption,
    draft: { type: 'boolean', summary: 'bring everything there and leave it a draft, for a person to publish' },
    key: keyOption,
  },
  bracket: withLock,
  plan: async ({ version, to, draft, maxDelta, key, ...wishes }, tools: Tools) =>
    planRelease(await gatherRelease(tools, version, { to, draft, parents: parentWish(wishes, tools), maxDelta, key })),
  handlers: releaseHandlers,
  result: async ({ version, to, draft, key }, tools, { steps }) => {
    const examined = steps.flatMap((step) => (step.kind === 'examine-delta' ? [step.parent.version] : []));
    return tellRelease(tools, version, { to, draft, key, examined });
  },
  render: ({ store, version, streams, page }) =>
    `${version} is in ${store}${page === undefined ? '' : `, ${page.url}`}:\n${renderTable(streams, [
      { title: 'stream', cell: (stream) => (stream.kind === 'full' ? 'full' : `from ${stream.parent.version}`) },
      { title: 'assets', cell: ({ assets }) => String(assets.length), align: 'right' },
      { title: 'size', cell: (stream) => formatBytes(encodedBytes(stream)), align: 'right' },
      { title: 'raw', cell: ({ rawBytes }) => formatBytes(rawBytes), align: 'right' },
    ])}`,
});

function parentWish(
  { parent, fullOnly }: { readonly parent: readonly Version[]; readonly fullOnly: boolean },
  { recipe }: Tools,
): ParentWish {
  if (fullOnly && parent.length > 0) {
    throw new CliError('CLI_USAGE', '--full-only and --parent were given, expected at most one of them');
  }
  if (parent.length > 0) return { kind: 'named', versions: parent };
  return { kind: 'last', count: fullOnly ? 0 : recipe.golden.release.parents };
}

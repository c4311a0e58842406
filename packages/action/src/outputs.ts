import { downloadBytes, type Released } from './released.ts';

/** The outputs of the action, by name. Those with several values are JSON. */
export function outputsOf({ version, page, manifestSha256, streams }: Released): Readonly<Record<string, string>> {
  const full = streams.find(({ kind }) => kind === 'full');
  const sizes = streams.map((stream) => ({
    parent: stream.kind === 'full' ? null : stream.parent.version,
    assets: stream.assets.length,
    bytes: downloadBytes(stream),
    rawBytes: stream.rawBytes,
  }));
  const ratios = streams.flatMap((stream) =>
    stream.kind === 'full' || full === undefined
      ? []
      : [[stream.parent.version, downloadBytes(stream) / downloadBytes(full)] as const],
  );
  return {
    version,
    'release-id': page === undefined ? '' : String(page.id),
    'release-url': page?.url ?? '',
    'manifest-digest': manifestSha256,
    sizes: JSON.stringify(sizes),
    'delta-ratio': JSON.stringify(Object.fromEntries(ratios)),
  };
}

import { encodedBytes, type ReleaseManifest, type StreamEntry } from '@goldstream/release';
import { fileAssets, fileBytes, receiveBytes, receiveRelease } from '@goldstream/transfer';
import { ReceiverError } from '../error.ts';
import type { Tools } from '../host/tools.ts';
import type { ReceiveStream, StreamParent } from './step.ts';

/** Moves the bytes of a step's source through the guard into `btrfs receive`. */
export async function receiveFrom(tools: Tools, step: ReceiveStream): Promise<void> {
  const { runner, layout, io } = tools;
  const { source, release, parents, into, incoming, policy, timeout } = step;
  const { manifest } = release;
  const [first, ...others] = parents.map((parent) => ({
    stream: streamOn(manifest, parent),
    parentDirectory: parent?.directory,
    parentPolicy: parent?.policy,
  }));
  if (first === undefined) throw new Error('a receive without a stream was planned');
  const onBytes = (bytes: number) => io.progress.advance(bytes);
  const target = { manifest, into, as: incoming.name, policy, timeout, signal: io.signal, onBytes };
  if (source.kind === 'bytes') {
    const isStdin = source.files.length === 0;
    const input = tools.input();
    try {
      await receiveBytes(runner, {
        ...target,
        bytes: isStdin ? input : fileBytes(source.files),
        what: isStdin ? 'standard input' : source.files.join(', '),
        streams: [first, ...others],
      });
    } finally {
      // Whoever still holds its other end is not waited for.
      input.destroy();
    }
    return;
  }
  const store = source.kind === 'store' ? tools.openStore(source.url) : fileAssets(source.files, layout.application);
  await receiveRelease(runner, { ...target, ...first, store });
}

/** What a progress bar counts up to; undefined where nobody knows. */
export function bytesToCome({ source, release, parents: [parent] }: ReceiveStream): number | undefined {
  return source.kind === 'bytes' ? undefined : encodedBytes(streamOn(release.manifest, parent));
}

/** The stream that the plan chose. */
function streamOn({ streams, version }: ReleaseManifest, parent: StreamParent | undefined): StreamEntry {
  const stream = streams.find((one) => (one.kind === 'full' ? undefined : one.parent.uuid) === parent?.uuid);
  if (stream !== undefined) return stream;
  throw new ReceiverError('RECEIVE_NO_STREAM', `${version} has no stream on ${parent?.version ?? 'nothing'}`);
}

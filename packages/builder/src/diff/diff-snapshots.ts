import type { Version } from '@goldstream/release';
import { startSend } from '@goldstream/system';
import { joined } from '@goldstream/transfer';
import { demandPool } from '../pool/demand-pool.ts';
import { demandSnapshot } from '../snapshot/find-snapshot.ts';
import type { Tools } from '../tools.ts';
import { type ChangesDocument, changesDocument } from './changes-document.ts';
import { readChanges } from './read-changes.ts';

/**
 * What the snapshot of one version changes on that of another, as `btrfs send --no-data` tells it: file contents are
 * not read, so it takes a moment whatever their size. Either may be the older one.
 * @throws BuilderError `BUILDER_SNAPSHOT_MISSING`, `BUILDER_SNAPSHOT_REPLACED`
 */
export async function diffSnapshots(
  tools: Tools,
  versions: { readonly from: Version; readonly to: Version },
): Promise<ChangesDocument> {
  const { runner, io, layout } = tools;
  await demandPool(tools);
  const parent = await demandSnapshot(tools, versions.from);
  const snapshot = await demandSnapshot(tools, versions.to);
  const send = startSend(
    runner,
    { snapshot: snapshot.path, parent: parent.path, noData: true },
    { stdout: 'pipe', signal: io.signal },
  );
  let read: Awaited<ReturnType<typeof readChanges>> | undefined;
  const reading = async () => {
    try {
      // The pipe that was asked for; without an encoding it gives bytes.
      read = await readChanges(send.stdout as AsyncIterable<Uint8Array & string>);
    } catch (error) {
      // A stream that is cut off is what became of it; what `btrfs send` said is why.
      await send.ended;
      throw error;
    }
  };
  await joined([send.ended, reading()], () => send.kill());
  if (read === undefined) throw new Error('a stream ended without changes');
  return changesDocument(read.head, read.changes, { application: layout.application, parentVersion: versions.from });
}

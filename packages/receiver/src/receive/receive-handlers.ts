import { createHash } from 'node:crypto';
import { dirname } from 'node:path';

import type { Handlers } from '@goldstream/plan';
import { encodedBytes, type ReleaseManifest, type StreamEntry, signatureName, type Version } from '@goldstream/release';
import { openStore } from '@goldstream/store';
import {
  awaitDeletedSubvolumes,
  deleteSubvolume,
  findSubvolume,
  makeDirectoryDurably,
  showSubvolume,
  syncFilesystem,
  writeDurably,
} from '@goldstream/system';
import { lookAtReceived, readHostCtransid, receiveRelease } from '@goldstream/transfer';
import { ReceiverError } from '../error.ts';
import type { Tools } from '../host/tools.ts';
import { removeVersionRecord, writeVersionRecord } from '../state/store-records.ts';
import { checkContents } from './check-contents.ts';
import type { ReceiveStep } from './plan-receive.ts';

/** How each step of `receive` is done. */
export function receiveHandlers(tools: Tools): Handlers<ReceiveStep> {
  const { runner, layout, io, now } = tools;
  return {
    'remove-unfinished': async ({ path, uuid }) => removeStub(tools, path, uuid),

    'note-receiving': async ({ version, newestIdBefore }) =>
      writeVersionRecord(layout, { status: 'receiving', version, since: now().toISOString(), newestIdBefore }),

    'receive-stream': async ({ release: { manifest }, parent, store: url, into, newestIdBefore }) => {
      const store = openStore(url, layout.application);
      const stream = streamOn(manifest, parent);
      io.progress.start({ label: `receive ${manifest.version}`, totalBytes: encodedBytes(stream) });
      try {
        await receiveRelease(runner, {
          store,
          manifest,
          stream,
          into,
          signal: io.signal,
          onBytes: (bytes) => io.progress.advance(bytes),
        });
      } catch (error) {
        await removeOwnStub(tools, manifest.version, newestIdBefore);
        throw error;
      } finally {
        io.progress.stop();
      }
    },

    'record-received': async ({ release, into, how }) => {
      const { manifest, signed, signers } = release;
      const { subvolume, hostCtransid } = await lookAtReceived(runner, into, manifest);
      const path = layout.manifest(manifest.version);
      await makeDirectoryDurably(dirname(path), 0o700);
      await writeDurably(path, signed.manifest);
      await writeDurably(signatureName(path), signed.signature);
      await writeVersionRecord(layout, {
        status: 'received',
        version: manifest.version,
        at: now().toISOString(),
        uuid: manifest.snapshot.uuid,
        transid: manifest.snapshot.transid,
        hostCtransid,
        subvolumeUuid: subvolume.uuid,
        how,
        manifestSha256: createHash('sha256').update(signed.manifest).digest('hex'),
        contentDigest: manifest.snapshot.contentDigest,
        signers: signers.map(({ fingerprint }) => fingerprint),
      });
    },

    'check-contents': async ({ release, path, policy: granted }) =>
      checkContents(tools, release.manifest, { path, granted }),

    'record-unsigned': async ({ version, path }) => {
      io.warn(`WARNING: ${version} is taken without a signature; nothing proves what is in it.`);
      await syncFilesystem(runner, path);
      const subvolume = await showSubvolume(runner, path);
      await writeVersionRecord(layout, {
        status: 'received',
        version,
        at: now().toISOString(),
        uuid: subvolume.receivedUuid ?? subvolume.uuid,
        transid: subvolume.sendTransid ?? 0,
        hostCtransid: await readHostCtransid(runner, path),
        subvolumeUuid: subvolume.uuid,
        how: 'by hand, unsigned',
        signers: [],
      });
    },
  };
}

/** The stream that the plan chose. */
function streamOn({ streams, version }: ReleaseManifest, parent: Version | undefined): StreamEntry {
  const stream = streams.find((one) => (one.kind === 'full' ? undefined : one.parent.version) === parent);
  if (stream !== undefined) return stream;
  throw new ReceiverError('RECEIVE_NO_STREAM', `${version} has no stream on ${parent ?? 'nothing'}`);
}

/** After a failed receive: nothing lay under the name before, so what does now and is newer is what we made. */
async function removeOwnStub(tools: Tools, version: Version, newestIdBefore: number): Promise<void> {
  const stub = await findSubvolume(tools.runner, tools.layout.version(version));
  if (stub !== undefined && stub.id > newestIdBefore) await removeStub(tools, stub.path, stub.uuid);
  await removeVersionRecord(tools.layout, version);
}

async function removeStub({ runner, layout }: Tools, path: string, uuid: string): Promise<void> {
  const found = await showSubvolume(runner, path);
  if (found.uuid !== uuid) {
    throw new ReceiverError('RECEIVE_SUSPECT', `${path} is subvolume ${found.uuid} now, expected ${uuid}`);
  }
  await deleteSubvolume(runner, path);
  await awaitDeletedSubvolumes(runner, layout.pool);
}

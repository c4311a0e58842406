import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { Handlers } from '@goldstream/plan';
import { type ReleaseManifest, signatureName } from '@goldstream/release';
import { makeDirectoryDurably, showSubvolume, syncFilesystem, writeDurably } from '@goldstream/system';
import { lookAtReceived, type ReceivedSnapshot, readHostCtransid, type TrustedRelease } from '@goldstream/transfer';
import type { Tools } from '../host/tools.ts';
import { writeVersionRecord } from '../state/store-records.ts';
import { checkContents } from './check-contents.ts';
import { giveFinalName, removeIncoming, removeUnfinished } from './incoming.ts';
import { bytesToCome, receiveFrom } from './receive-from.ts';
import type { Incoming, ReceiveStep } from './step.ts';

/** How each step of `receive` is done. */
export function receiveHandlers(tools: Tools): Handlers<ReceiveStep> {
  const { runner, layout, io, now } = tools;
  return {
    'remove-unfinished': async ({ path, uuid }) => removeUnfinished(tools, path, uuid),

    'note-receiving': async ({ version, incoming: { name, newestIdBefore } }) =>
      writeVersionRecord(layout, {
        status: 'receiving',
        version,
        since: now().toISOString(),
        incoming: name,
        newestIdBefore,
      }),

    'receive-stream': async (step) => {
      const { version } = step.release.manifest;
      const totalBytes = bytesToCome(step);
      io.progress.start({ label: `receive ${version}`, ...(totalBytes === undefined ? {} : { totalBytes }) });
      try {
        await receiveFrom(tools, step);
      } catch (error) {
        await removeIncoming(tools, version, step.incoming);
        throw error;
      } finally {
        io.progress.stop();
      }
    },

    'record-received': async ({ release, incoming, how }) => {
      const { manifest } = release;
      const path = layout.version(manifest.version);
      const received =
        incoming === undefined ? await lookAtReceived(runner, path, manifest) : await proven(tools, manifest, incoming);
      await keepManifest(tools, release);
      if (incoming !== undefined) await giveFinalName(received.subvolume.path, path);
      await recordReceived(tools, release, how, received);
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

/** What was received, on disk and finished; what is not is taken away. */
async function proven(tools: Tools, manifest: ReleaseManifest, incoming: Incoming): Promise<ReceivedSnapshot> {
  try {
    return await lookAtReceived(tools.runner, tools.layout.incoming(incoming.name), manifest);
  } catch (error) {
    await removeIncoming(tools, manifest.version, incoming);
    throw error;
  }
}

/** Kept for later checks, byte for byte as accepted. */
async function keepManifest({ layout }: Tools, { manifest, signed }: TrustedRelease): Promise<void> {
  const path = layout.manifest(manifest.version);
  await makeDirectoryDurably(dirname(path), 0o700);
  await writeDurably(path, signed.manifest);
  await writeDurably(signatureName(path), signed.signature);
}

async function recordReceived(
  { layout, now }: Tools,
  { manifest, signed, signers }: TrustedRelease,
  how: string,
  { subvolume, hostCtransid }: ReceivedSnapshot,
): Promise<void> {
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
}

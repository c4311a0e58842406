import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { Handlers } from '@goldstream/plan';
import { signatureName, type Version } from '@goldstream/release';
import { makeDirectoryDurably, showSubvolume, syncFilesystem, writeDurably } from '@goldstream/system';
import { lookAtReceived, type ReceivedSnapshot, readHostCtransid, type TrustedRelease } from '@goldstream/transfer';
import type { Tools } from '../host/tools.ts';
import { setAside } from '../repair/set-aside.ts';
import type { ReceivedVersion } from '../state/records.ts';
import { writeIntent } from '../state/store-intent.ts';
import { writeVersionRecord } from '../state/store-records.ts';
import { transactionHandlers } from '../transaction/transaction-handlers.ts';
import { noteParent } from '../verify/note-checks.ts';
import { checkContents } from './check-contents.ts';
import { giveFinalName } from './incoming.ts';
import { bytesToCome, receiveFrom } from './receive-from.ts';
import type { ReceiveStep } from './step.ts';

/** How each step of `receive` is done. */
export function receiveHandlers(tools: Tools): Handlers<ReceiveStep> {
  const { runner, layout, io, now } = tools;
  return {
    ...transactionHandlers(tools),

    'receive-stream': async (step) => {
      const { version } = step.release.manifest;
      const totalBytes = bytesToCome(step);
      io.progress.start({ label: `receive ${version}`, ...(totalBytes === undefined ? {} : { totalBytes }) });
      try {
        await receiveFrom(tools, step);
      } finally {
        io.progress.stop();
      }
      for (const parent of step.parents) if (parent !== undefined) await noteParent(tools, parent.version);
    },

    'record-received': async ({ release, incoming, how, replaced }) => {
      const { manifest } = release;
      const path = layout.version(manifest.version);
      const at = incoming === undefined ? path : layout.incoming(incoming.name);
      const record = recordOf(release, how, await lookAtReceived(runner, at, manifest), now());
      await keepManifest(tools, release);
      if (incoming !== undefined) {
        // From here on it is finished, not undone.
        await writeIntent(layout, { kind: 'naming', incoming: incoming.name, record, replaced }, now());
        if (replaced !== undefined) await setAside(tools, manifest.version, replaced);
        await giveFinalName(at, path);
      }
      await writeVersionRecord(layout, record);
    },

    'check-contents': async ({ release, path, policy: granted }) =>
      checkContents(tools, release.manifest, { path, granted }),

    'record-unsigned': async ({ version, path }) => {
      for (const line of shout(version)) io.warn(line);
      await tools.trust.tell({ kind: 'unsigned', version });
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

/** The one way round signatures is not to be overlooked. */
function shout(version: Version): readonly string[] {
  const rule = '!'.repeat(78);
  return [
    rule,
    `WARNING: ${version} is taken without a signature, because --allow-unsigned was given.`,
    'WARNING: nothing proves who made it or what is in it.',
    rule,
  ];
}

/** Kept for later checks, byte for byte as accepted. */
async function keepManifest({ layout }: Tools, { manifest, signed }: TrustedRelease): Promise<void> {
  const path = layout.manifest(manifest.version);
  await makeDirectoryDurably(dirname(path), 0o700);
  await writeDurably(path, signed.manifest);
  await writeDurably(signatureName(path), signed.signature);
}

function recordOf(
  { manifest, signed, signers }: TrustedRelease,
  how: string,
  { subvolume, hostCtransid }: ReceivedSnapshot,
  now: Date,
): ReceivedVersion {
  return {
    status: 'received',
    version: manifest.version,
    at: now.toISOString(),
    uuid: manifest.snapshot.uuid,
    transid: manifest.snapshot.transid,
    hostCtransid,
    subvolumeUuid: subvolume.uuid,
    how,
    manifestSha256: createHash('sha256').update(signed.manifest).digest('hex'),
    contentDigest: manifest.snapshot.contentDigest,
    signers: signers.map(({ fingerprint }) => fingerprint),
  };
}

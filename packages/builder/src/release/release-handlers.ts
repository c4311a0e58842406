import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatBytes } from '@goldstream/cli';
import type { Handlers } from '@goldstream/plan';
import {
  encodedBytes,
  manifestName,
  parseManifest,
  renderManifest,
  renderSums,
  SUMS_NAME,
  signatureName,
} from '@goldstream/release';
import { writeDurably } from '@goldstream/system';
import { BuilderError } from '../error.ts';
import { signFile } from '../keys/sign-document.ts';
import { sendHandlers } from '../send/send-handlers.ts';
import { demandStreamRecord } from '../state/demand-stream-record.ts';
import type { StreamRecord } from '../state/records.ts';
import { storeAt } from '../store-at.ts';
import type { Tools } from '../tools.ts';
import { assembleManifest } from './assemble-manifest.ts';
import { changesHandlers } from './changes-handlers.ts';
import { planOffer } from './plan-offer.ts';
import type { ReleaseStep } from './plan-release.ts';

/** How each step of `release` is done. */
export function releaseHandlers(tools: Tools): Handlers<ReleaseStep> {
  const { io, layout } = tools;
  return {
    ...sendHandlers(tools),
    ...changesHandlers(tools),
    'write-manifest': async ({ records, rules, besides, into, signers, ...parts }) => {
      const found = await Promise.all(records.map(demandStreamRecord));
      const { offered, dropped } = planOffer(
        found.map(({ stream }) => stream),
        rules,
      );
      for (const stream of dropped) {
        const share = `${Math.round(rules.below * 100)} % of the full one`;
        io.say(
          `not offered: from ${stream.parent.version}, ${formatBytes(encodedBytes(stream))} is not below ${share}`,
        );
      }
      const manifest = renderManifest(assembleManifest({ ...parts, sent: sentSnapshot(found), streams: offered }));
      const name = manifestName(parts.application, parts.version);
      const sums = renderSums([
        ...offered.flatMap(({ assets }) => assets),
        ...(await Promise.all(
          besides.map(async (one) => ({ name: one, sha256: await sha256OfFile(join(into, one)) })),
        )),
        { name, sha256: sha256Of(manifest) },
      ]);
      for (const [file, content] of [
        [join(into, name), manifest],
        [join(into, SUMS_NAME), sums],
      ] as const) {
        await writeDurably(file, content);
        await signFile(tools, { file, signature: signatureName(file), signers });
      }
    },
    publish: async ({ version, besides, from, storeUrl, draft }) => {
      const local = (name: string) => ({ name, path: join(from, name) });
      const manifest = local(manifestName(layout.application, version));
      const { streams } = parseManifest(await readFile(manifest.path));
      const assets = streams.flatMap((stream) => stream.assets);
      const totalBytes = assets.reduce((sum, { bytes }) => sum + bytes, 0);
      io.progress.start({ label: `publish ${version}`, totalBytes });
      await storeAt(tools, storeUrl).publish(
        {
          version,
          assets: [...assets.map(({ name }) => name), ...besides, SUMS_NAME, signatureName(SUMS_NAME)].map(local),
          manifest,
          signature: local(signatureName(manifest.name)),
          draft,
        },
        (bytes) => io.progress.advance(bytes),
      );
      io.progress.stop();
    },
  };
}

/** All streams of a version are of one snapshot, and say so in the same words. */
function sentSnapshot([first, ...others]: readonly StreamRecord[]): StreamRecord['snapshot'] {
  if (first === undefined) throw new Error('a release without a stream was planned');
  const { name, uuid, transid } = first.snapshot;
  for (const { snapshot } of others) {
    if (snapshot.name === name && snapshot.uuid === uuid && snapshot.transid === transid) continue;
    throw new BuilderError(
      'BUILDER_WRONG_STREAM',
      `streams of one version are of snapshots ${uuid} and ${snapshot.uuid}`,
    );
  }
  return first.snapshot;
}

async function sha256OfFile(path: string): Promise<string> {
  return sha256Of(await readFile(path));
}

function sha256Of(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

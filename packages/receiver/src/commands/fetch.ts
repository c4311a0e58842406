import { plannedCommand } from '@goldstream/cli';
import { encodedBytes } from '@goldstream/release';
import { cacheStream } from '@goldstream/store';
import { specifyRelease } from '../audit/specify-release.ts';
import { type FetchStep, planFetch } from '../fetch/plan-fetch.ts';
import { exclusively } from '../host/exclusively.ts';
import type { Tools } from '../host/tools.ts';
import { gatherReceive } from '../receive/facts.ts';
import { sourceOptions, sourcesOf, version } from './options.ts';

export const fetch = plannedCommand({
  name: 'fetch',
  summary: 'Download and verify a version for later; continues where it was cut off',
  examples: ['goldstream-receiver fetch v1.3.0', 'goldstream-receiver fetch v1.3.0 --store dir:/media/stick'],
  arguments: { version: { ...version, summary: 'version to fetch' } },
  options: { store: sourceOptions.store },
  bracket: exclusively,
  plan: async (values, tools: Tools) => {
    tools.audit.undertake({ event: 'fetch', subject: { version: values.version } });
    const facts = await gatherReceive(tools, values.version, sourcesOf({ ...values, manifest: undefined }));
    specifyRelease(tools, facts);
    return planFetch(facts);
  },
  handlers: (tools: Tools) =>
    tools.audit.announcing<FetchStep>({
      'fetch-stream': async ({ release, stream, from, to }) => {
        const { io } = tools;
        io.progress.start({ label: `fetch ${release.manifest.version}`, totalBytes: encodedBytes(stream) });
        try {
          await cacheStream(tools.openStore(from), {
            release: release.manifest,
            stream,
            signed: release.signed,
            directory: to,
            onBytes: (bytes) => io.progress.advance(bytes),
          });
        } finally {
          io.progress.stop();
        }
      },
    }),
});

// A program for the test of large releases: `publish PUBLICATION.json`, or `fetch VERSION DIRECTORY`, with a repository
// in github:octo/app; prints the most memory that it had, in bytes.
import { readFile } from 'node:fs/promises';
import { parseManifest, parseVersion } from '@goldstream/release';
import { cacheStream, fetchManifest, openStore } from '../src/index.ts';

const [, , what = '', first = '', directory = ''] = process.argv;
const store = openStore('github:octo/app', 'app');
if (what === 'publish') {
  await store.publish(JSON.parse(await readFile(first, 'utf8')));
} else {
  const signed = await fetchManifest(store, parseVersion(first));
  const release = parseManifest(signed.manifest);
  for (const stream of release.streams) await cacheStream(store, { release, stream, signed, directory });
}
// getrusage(2) counts in KiB.
process.stdout.write(String(process.resourceUsage().maxRSS * 1024));

import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encodedBytes, isVersion, parseManifest, type ReleaseManifest, type StreamEntry } from '@goldstream/release';
import { fetchManifest, verifiedStream } from '@goldstream/store';
import { BuilderError } from '../error.ts';
import { exists } from '../pool/exists.ts';
import { storeAt } from '../store-at.ts';
import type { Tools } from '../tools.ts';
import { openFiles } from './open-stream.ts';

/** A stream that a command line names, raw or compressed. */
export interface FoundStream {
  /** In a few words, for progress. */
  readonly label: string;
  open(): AsyncIterable<Uint8Array>;
  /** As it is stored; undefined where nobody knows. */
  readonly totalBytes: number | undefined;
  /** The release that it belongs to, as its manifest says; its signature was not judged. */
  readonly announced?: AnnouncedStream;
}

/** A stream as a release manifest announces it. */
export interface AnnouncedStream {
  readonly manifest: ReleaseManifest;
  readonly stream: StreamEntry;
}

/**
 * The streams that words name: files, parts in their order, `-`; or a release, as a version of a store or as the file of
 * its manifest with the assets beside it. A file that is there goes before a version of the same name.
 * @throws BuilderError `BUILDER_UNREADABLE`, `BUILDER_NO_STORE`; those of the store, and of parsing a manifest
 */
export async function findStreams(
  tools: Tools,
  words: readonly string[],
  storeUrl: string | undefined,
): Promise<readonly FoundStream[]> {
  const [first = '', ...others] = words;
  if (others.length === 0 && isVersion(first) && !(await exists(first))) {
    const store = storeAt(tools, storeUrl ?? storeOfRecipe(tools));
    const manifest = parseManifest((await fetchManifest(store, first)).manifest);
    return streamsOf(manifest, (stream) => verifiedStream(store, manifest, stream));
  }
  if (others.length === 0 && first.endsWith(MANIFEST_ENDING)) {
    const files = ({ assets }: StreamEntry) => assets.map(({ name }) => join(dirname(first), name));
    return streamsOf(await readManifest(first), (stream) => openFiles(files(stream), tools.streams));
  }
  return [await streamOfFiles(tools, words)];
}

/** The stream that lies in files, one part after the other; `-` is the program's own input. */
export async function streamOfFiles({ streams }: Tools, files: readonly string[]): Promise<FoundStream> {
  const [first = ''] = files;
  const label = files.length > 1 ? `${files.length} parts` : first === '-' ? 'standard input' : first;
  return { label, open: () => openFiles(files, streams), totalBytes: await sizeOf(files) };
}

/** The file of a release manifest. @throws BuilderError `BUILDER_UNREADABLE`; those of parsing it */
export async function readManifest(file: string): Promise<ReleaseManifest> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new BuilderError('BUILDER_UNREADABLE', `${file} cannot be read`, { cause });
  });
  return parseManifest(bytes);
}

const MANIFEST_ENDING = '.manifest.json';

function streamsOf(
  manifest: ReleaseManifest,
  open: (stream: StreamEntry) => AsyncIterable<Uint8Array>,
): readonly FoundStream[] {
  return manifest.streams.map((stream) => ({
    label: `${manifest.version} ${stream.kind === 'full' ? 'full' : `from ${stream.parent.version}`}`,
    open: () => open(stream),
    totalBytes: encodedBytes(stream),
    announced: { manifest, stream },
  }));
}

function storeOfRecipe({ recipe }: Tools): string {
  const url = recipe.golden.release.store;
  if (url !== undefined) return url;
  throw new BuilderError('BUILDER_NO_STORE', 'no store was named, neither as --store nor as store: in golden.yaml', {
    hint: 'Name one: --store dir:/srv/releases',
  });
}

async function sizeOf(files: readonly string[]): Promise<number | undefined> {
  if (files.includes('-')) return undefined;
  // What cannot be read says so when it is read.
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

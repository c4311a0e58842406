import { type GuardExpectation, type StreamHead, type StreamSummary, summarizeStream } from '@goldstream/send-stream';
import type { Tools } from '../tools.ts';
import { dumpStream } from './dump-stream.ts';
import { type FoundStream, readManifest } from './find-streams.ts';
import { announcedExpectation, claimedStream, type GuardWish, wishedExpectation } from './guard-expectation.ts';
import { guardStream, type PassedStream } from './guard-stream.ts';
import { withStream } from './with-stream.ts';

/** What is wanted of the streams: sums, unless something else is said. */
export interface InspectionWish extends GuardWish {
  readonly dump: boolean;
  readonly guard: boolean;
  /** File of the release manifest that says what the guard demands. */
  readonly manifest: string | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

/** The sum of a stream, or of each of a release; what the guard let pass; nothing where a dump was written. */
export type Inspection =
  | StreamSummary
  | { readonly streams: readonly StreamSummary[] }
  | { readonly passed: readonly PassedStream[] }
  | undefined;

/** Reads streams for whoever asks what is in them. @throws SendStreamError where one is not sound or not let pass */
export async function inspectStreams(
  tools: Tools,
  found: readonly FoundStream[],
  wish: InspectionWish,
): Promise<Inspection> {
  const { dump, guard, timeout } = wish;
  if (dump) {
    for (const stream of found) await withStream(tools, stream, timeout, (raw) => writeDump(tools, raw));
    return undefined;
  }
  if (guard) return { passed: await letGuardSee(tools, found, wish) };
  const streams: StreamSummary[] = [];
  for (const stream of found) streams.push(await withStream(tools, stream, timeout, summarizeStream));
  const [only] = streams;
  return only === undefined || found[0]?.announced !== undefined ? { streams } : only;
}

/** A terminal is not sent what a stream says raw. */
function writeDump({ streams }: Tools, raw: AsyncIterable<Uint8Array>): Promise<void> {
  return streams.send(dumpStream(raw, streams.outputIsTerminal ? 'escaped' : 'classic'));
}

async function letGuardSee(
  tools: Tools,
  found: readonly FoundStream[],
  { manifest: file, timeout, ...wish }: InspectionWish,
): Promise<readonly PassedStream[]> {
  const manifest = file === undefined ? undefined : await readManifest(file);
  const passed: PassedStream[] = [];
  for (const stream of found) {
    const expectationFor = (head: StreamHead): GuardExpectation => {
      if (manifest !== undefined) return announcedExpectation(claimedStream(manifest, head));
      return stream.announced === undefined ? wishedExpectation(wish) : announcedExpectation(stream.announced);
    };
    passed.push(await withStream(tools, stream, timeout, (raw) => guardStream(raw, expectationFor)));
  }
  return passed;
}

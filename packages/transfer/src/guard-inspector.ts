import { createGuard, type Guard, HeadReader, SubvolumeRenamer } from '@goldstream/send-stream';
import type { Inspector } from './inspector.ts';
import { parentAt } from './parent-at.ts';
import { proofOf } from './proof.ts';
import type { GuardedStream, Inspection } from './pump-job.ts';

/**
 * Lets through what the guard accepts, under another name if one is given. Where a proof of the raw bytes is asked for,
 * the `end` command, which the guard holds back anyway, comes out only after it was given: without it `btrfs receive`
 * finishes nothing.
 */
export function guardInspector({ streams, as }: Extract<Inspection, { kind: 'guard' }>): Inspector {
  const renamer = as === undefined ? undefined : new SubvolumeRenamer(as);
  const [first, ...others] = streams;
  // Bytes that nobody vouched for are first of all a stream: what a wrong file is instead is the news.
  const guard = others.length === 0 && first.proof === undefined ? guarded(first) : chosen(streams);
  return {
    push: (block) => {
      const views = guard.push(block);
      return renamer?.push(views) ?? views;
    },
    end: () => {
      const views = guard.end();
      return { views: renamer?.push(views) ?? views, findings: {} };
    },
  };
}

/** The guard of one stream, and the proof of its bytes. */
function guarded({ expectation, parentDirectory, proof }: GuardedStream): Guard {
  const parent = parentDirectory === undefined ? {} : { parent: parentAt(parentDirectory) };
  const guard = createGuard({ ...expectation, ...parent });
  if (proof === undefined) return guard;
  const proving = proofOf(proof);
  return {
    push: (block) => {
      proving.push(block);
      return guard.push(block);
    },
    end: () => {
      const views = guard.end();
      proving.end();
      return views;
    },
  };
}

/**
 * The guard of the stream on the parent that the first command names. A stream that is none of them is given to the
 * first one's guard, which refuses it and says why.
 */
function chosen(streams: readonly [GuardedStream, ...GuardedStream[]]): Guard {
  const reader = new HeadReader();
  const held: Uint8Array[] = [];
  let guard: Guard | undefined;
  const choose = (parent: string | undefined) => {
    guard = guarded(streams.find(({ expectation }) => expectation.parentUuid === parent) ?? streams[0]);
    return held.flatMap((block) => guard?.push(block) ?? []);
  };
  return {
    push: (block) => {
      if (guard !== undefined) return guard.push(block);
      held.push(block);
      const head = reader.push(block);
      return head === undefined ? [] : choose(head.parent?.uuid);
    },
    end: () => {
      // Without a head there is no stream, and this says what there is instead.
      if (guard === undefined) reader.end();
      return guard?.end() ?? [];
    },
  };
}

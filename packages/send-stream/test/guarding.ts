import {
  createGuard,
  type GuardExpectation,
  HeadReader,
  type NodeKind,
  type ParentLookup,
  type ParentObject,
  UNSEEN_PARENT,
} from '../src/index.ts';
import { PARENT_UUID, UUID } from './encode-stream.ts';
import { type Recorded, recorded } from './recorded.ts';

/** What encode-stream.ts calls a full stream. */
export const FULL: GuardExpectation = { name: 'v1', uuid: UUID, transid: 7n };
/** And an incremental one. */
export const INCREMENTAL: GuardExpectation = { ...FULL, parentUuid: PARENT_UUID, parent: parentOf({}) };

/** A parent with these paths, one character a byte. */
export function parentOf(tree: Readonly<Record<string, NodeKind | ParentObject>>): ParentLookup {
  const objects = new Map(Object.entries(tree).map(([path, is]) => [path, typeof is === 'string' ? { kind: is } : is]));
  return { find: (path) => objects.get(Buffer.from(path).toString('latin1')) };
}

/** What a recorded stream says of itself, as a manifest would say it. */
export function expectationOf(name: Recorded): GuardExpectation {
  const reader = new HeadReader();
  reader.push(recorded(name));
  const { parent, ...head } = reader.end();
  return { name: head.name, uuid: head.uuid, transid: head.transid, parentUuid: parent?.uuid, parent: UNSEEN_PARENT };
}

/** What a guard throws at a stream that comes in these chunks, if anything, and what had passed by then. */
export function refusalOf(
  expected: GuardExpectation,
  chunks: readonly Uint8Array[],
): { readonly error: unknown; readonly passed: Buffer } {
  const guard = createGuard(expected);
  const passed: Uint8Array[] = [];
  let error: unknown;
  try {
    for (const chunk of chunks) passed.push(...guard.push(chunk));
    passed.push(...guard.end());
  } catch (thrown) {
    error = thrown;
  }
  return { error, passed: Buffer.concat(passed) };
}

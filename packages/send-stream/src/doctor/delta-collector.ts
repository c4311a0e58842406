import type { Command } from '../command.ts';
import { SendStreamError } from '../error.ts';
import { type Entry, joinNames } from '../namespace/entry.ts';
import { followCommand } from '../namespace/follow-command.ts';
import { NameProblem } from '../namespace/name-problem.ts';
import { Namespace } from '../namespace/namespace.ts';
import type { ParentLookup } from '../namespace/parent-lookup.ts';
import { readCommands } from '../read-commands.ts';
import { ByteRanges } from './byte-ranges.ts';
import type { Delta, FileOrigin, SentFile } from './delta.ts';

/**
 * What an incremental stream sends, from the stream; one without data (`btrfs send --no-data`) says the same.
 * @param parent the snapshot that the stream builds on; `UNSEEN_PARENT` is enough for a stream that can be believed
 * @throws SendStreamError `SEND_STREAM_…` when the stream is not sound, `GUARD_…` when it does not fit the parent
 */
export async function collectDelta(source: AsyncIterable<Uint8Array>, parent: ParentLookup): Promise<Delta> {
  const collector = new DeltaCollector(parent);
  for await (const command of readCommands(source)) collector.add(command);
  return collector.end();
}

/** The contents that the stream sets in one file. */
interface Contents {
  readonly sent: ByteRanges;
  readonly cloned: ByteRanges;
}

class DeltaCollector {
  readonly #names: Namespace;
  readonly #contents = new Map<Entry, Contents>();
  /** Files of the parent that lost a name. */
  readonly #unlinked = new Set<Entry>();

  constructor(parent: ParentLookup) {
    this.#names = new Namespace(parent);
  }

  add(command: Command): void {
    try {
      this.#follow(command);
    } catch (error) {
      if (!(error instanceof NameProblem)) throw error;
      throw new SendStreamError(error.code, command.offset, `${command.kind}: ${error.message}`);
    }
  }

  end(): Delta {
    return {
      files: this.#sentFiles(),
      gone: [...this.#unlinked]
        .flatMap(({ parentPath, names }) => (parentPath === undefined || names > 0 ? [] : [parentPath]))
        .sort(),
    };
  }

  #follow(command: Command): void {
    const entry = followCommand(this.#names, command);
    if (command.kind === 'unlink' && entry?.parentPath !== undefined) this.#unlinked.add(entry);
    const set = rangeSetBy(command);
    if (set === undefined) return;
    const start = Number(set.offset);
    this.#contentsAt(set.path)[set.manner].add(start, start + Number(set.length));
  }

  #contentsAt(path: Uint8Array): Contents {
    const entry = this.#names.get(path);
    const known = this.#contents.get(entry);
    if (known !== undefined) return known;
    const contents = { sent: new ByteRanges(), cloned: new ByteRanges() };
    this.#contents.set(entry, contents);
    return contents;
  }

  #sentFiles(): readonly SentFile[] {
    const paths = new Map<Entry, string[]>();
    const places = new Map<Entry, string[]>();
    for (const { directory, name, entry } of this.#names.names()) {
      if (entry === undefined || !this.#contents.has(entry)) continue;
      addTo(paths, entry, joinNames(directory, name));
      const origin = this.#names.get(Buffer.from(directory, 'latin1')).parentPath;
      if (origin !== undefined) addTo(places, entry, joinNames(origin, name));
    }
    return [...paths]
      .flatMap(([entry, [path = '', ...others]]) => {
        const contents = this.#contents.get(entry);
        if (contents === undefined || contents.sent.bytes === 0) return [];
        const origin = originOf(entry, places.get(entry) ?? []);
        return [{ path: others.reduce((first, other) => (other < first ? other : first), path), ...contents, origin }];
      })
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }
}

/** The bytes that a command sets; undefined when it sets none. */
function rangeSetBy(command: Command) {
  switch (command.kind) {
    case 'update_extent':
      return { path: command.path, manner: 'sent', offset: command.file_offset, length: command.size } as const;
    case 'write': {
      const length = command.data.reduce((sum, piece) => sum + piece.length, 0);
      return { path: command.path, manner: 'sent', offset: command.file_offset, length } as const;
    }
    case 'encoded_write': {
      const { path, file_offset: offset, unencoded_file_len: length } = command;
      return { path, manner: 'sent', offset, length } as const;
    }
    case 'clone':
      return { path: command.path, manner: 'cloned', offset: command.file_offset, length: command.clone_len } as const;
    default:
      return undefined;
  }
}

function originOf({ parentPath }: Entry, places: readonly string[]): FileOrigin {
  if (parentPath !== undefined) return { kind: 'kept', path: parentPath };
  return { kind: 'created', places: [...places].sort() };
}

function addTo<Key>(lists: Map<Key, string[]>, key: Key, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

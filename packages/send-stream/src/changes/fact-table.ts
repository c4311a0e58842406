import { Column } from './column.ts';
import type { ContentTotals, MetadataFacts, ObjectFacts, ObjectType } from './object-facts.ts';

/**
 * What a stream says of its objects, by the index of each (`Entry.index`). Numbers are kept in columns: of a million
 * files that are written, owned and given a mode, that is some forty bytes each. What few objects have is kept apart.
 */
export class FactTable {
  /** Which of the columns say something: the bits of {@link SAID}. */
  readonly #said = new Column(Uint8Array);
  /** Counted from 1 in {@link OBJECT_TYPES}. */
  readonly #type = new Column(Uint8Array);
  readonly #bytes = new Column(Float64Array);
  readonly #carried = new Column(Float64Array);
  readonly #size = new Column(Float64Array);
  readonly #mode = new Column(Uint16Array);
  /** As chown(2) takes them, and as `btrfs receive` makes them of a stream's 64 bits. */
  readonly #uid = new Column(Uint32Array);
  readonly #gid = new Column(Uint32Array);
  readonly #xattrs = new Map<number, Map<string, boolean>>();
  readonly #flags = new Map<number, bigint>();
  readonly #targets = new Map<number, string>();

  typeOf(index: number): ObjectType | undefined {
    return OBJECT_TYPES[this.#type.get(index) - 1];
  }

  setType(index: number, type: ObjectType): void {
    this.#type.set(index, OBJECT_TYPES.indexOf(type) + 1);
  }

  addContents(index: number, bytes: number, carried: number): void {
    this.#say(index, SAID.contents);
    this.#bytes.set(index, this.#bytes.get(index) + bytes);
    this.#carried.set(index, this.#carried.get(index) + carried);
  }

  setSize(index: number, size: number): void {
    this.#say(index, SAID.size);
    this.#size.set(index, size);
  }

  setMode(index: number, mode: number): void {
    this.#say(index, SAID.mode);
    this.#mode.set(index, mode);
  }

  setOwner(index: number, uid: number, gid: number): void {
    this.#say(index, SAID.owner);
    this.#uid.set(index, uid);
    this.#gid.set(index, gid);
  }

  setXattr(index: number, name: string, isSet: boolean): void {
    this.#say(index, SAID.xattrs);
    const xattrs = this.#xattrs.get(index);
    if (xattrs === undefined) this.#xattrs.set(index, new Map([[name, isSet]]));
    else xattrs.set(name, isSet);
  }

  setFlags(index: number, flags: bigint): void {
    this.#say(index, SAID.flags);
    this.#flags.set(index, flags);
  }

  setVerity(index: number): void {
    this.#say(index, SAID.verity);
  }

  setTarget(index: number, target: string): void {
    this.#targets.set(index, target);
  }

  /** Everything that is said of one object, made anew each time. */
  of(index: number): ObjectFacts {
    return {
      type: this.typeOf(index),
      contents: this.#contentsOf(index),
      metadata: this.#metadataOf(index),
      target: this.#targets.get(index),
    };
  }

  #contentsOf(index: number): ContentTotals | undefined {
    const said = this.#said.get(index);
    if ((said & SAID.contents) === 0) return undefined;
    return {
      bytes: this.#bytes.get(index),
      carried: this.#carried.get(index),
      size: (said & SAID.size) === 0 ? undefined : this.#size.get(index),
    };
  }

  #metadataOf(index: number): MetadataFacts | undefined {
    const said = this.#said.get(index);
    if ((said & METADATA) === 0) return undefined;
    return {
      mode: (said & SAID.mode) === 0 ? undefined : this.#mode.get(index),
      owner: (said & SAID.owner) === 0 ? undefined : { uid: this.#uid.get(index), gid: this.#gid.get(index) },
      xattrs: this.#xattrs.get(index),
      flags: this.#flags.get(index),
      verity: (said & SAID.verity) !== 0,
    };
  }

  #say(index: number, what: number): void {
    this.#said.set(index, this.#said.get(index) | what);
  }
}

const SAID = { contents: 1, size: 2, mode: 4, owner: 8, xattrs: 16, flags: 32, verity: 64 };

const METADATA = SAID.mode | SAID.owner | SAID.xattrs | SAID.flags | SAID.verity;

const OBJECT_TYPES: readonly ObjectType[] = [
  'file',
  'directory',
  'symlink',
  'character-device',
  'block-device',
  'fifo',
  'socket',
  'other',
];

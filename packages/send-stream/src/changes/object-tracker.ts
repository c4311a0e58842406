import { byteText } from '../byte-text.ts';
import type { Command } from '../command.ts';
import type { Entry } from '../namespace/entry.ts';
import { followCommand } from '../namespace/follow-command.ts';
import { Namespace } from '../namespace/namespace.ts';
import { UNSEEN_PARENT } from '../namespace/parent-lookup.ts';
import { FactTable } from './fact-table.ts';
import type { ObjectFacts, ObjectType } from './object-facts.ts';

/**
 * Follows the commands of a stream and keeps, for every object that they touch, its names and what is done to it. Times
 * are left out: a stream sets them for everything that it comes near.
 *
 * Memory grows with the names that the stream touches, not with its bytes and not with the parent.
 */
export class ObjectTracker {
  /** Of a full stream: all there is. Of an incremental one: what differs from a parent that nobody looks at. */
  #names: Namespace = new Namespace(UNSEEN_PARENT);
  #facts = new FactTable();
  #gone: Entry[] = [];

  get names(): Namespace {
    return this.#names;
  }

  /** Objects of the parent that lost the name they were known by, and have no other. */
  get gone(): readonly Entry[] {
    return this.#gone.filter(({ names }) => names === 0);
  }

  /** What the stream says of an object. */
  factsOf({ index }: Entry): ObjectFacts {
    return this.#facts.of(index);
  }

  /** What an object is, as far as the stream tells. */
  typeOf({ index, kind }: Entry): ObjectType | undefined {
    return this.#facts.typeOf(index) ?? (kind === 'unknown' ? undefined : kind);
  }

  /**
   * Hears of the next command.
   * @throws NameProblem when it names what cannot be there; nothing was noted of it then
   */
  add(command: Command): void {
    const named = followCommand(this.#names, command);
    switch (command.kind) {
      case 'subvol':
        this.#names = new Namespace();
        this.#facts = new FactTable();
        this.#gone = [];
        break;
      case 'symlink':
        if (named !== undefined) this.#facts.setTarget(named.index, byteText(command.path_link));
        break;
      case 'link':
      case 'unlink':
      case 'rmdir':
        if (named !== undefined) this.#noteName(named, command.kind);
        break;
      case 'write':
        this.#set(command.path, lengthOf(command.data), lengthOf(command.data));
        break;
      case 'encoded_write':
        this.#set(command.path, Number(command.unencoded_file_len), lengthOf(command.data));
        break;
      case 'clone':
        this.#set(command.path, Number(command.clone_len), 0);
        break;
      case 'update_extent':
        this.#set(command.path, Number(command.size), 0);
        break;
      case 'fallocate':
        this.#set(command.path, (command.fallocate_mode & SETS_ZEROS) === 0 ? 0 : Number(command.size), 0);
        break;
      case 'truncate':
        this.#facts.setSize(this.#set(command.path, 0, 0), Number(command.size));
        break;
      case 'chmod':
        this.#facts.setMode(this.#indexOf(command.path), Number(command.mode & PERMISSIONS));
        break;
      case 'chown':
        this.#facts.setOwner(this.#indexOf(command.path), Number(command.uid), Number(command.gid));
        break;
      case 'set_xattr':
      case 'remove_xattr':
        this.#facts.setXattr(this.#indexOf(command.path), byteText(command.xattr_name), command.kind === 'set_xattr');
        break;
      case 'fileattr':
        this.#facts.setFlags(this.#indexOf(command.path), command.fileattr);
        break;
      case 'enable_verity':
        this.#facts.setVerity(this.#indexOf(command.path));
        break;
    }
  }

  /** What a name tells of an object of the parent, whose type is not known. */
  #noteName(entry: Entry, kind: 'link' | 'unlink' | 'rmdir'): void {
    if (entry.parentPath === undefined) return;
    if (this.typeOf(entry) === undefined) this.#facts.setType(entry.index, kind === 'rmdir' ? 'directory' : 'other');
    if (entry.names === 0) this.#gone.push(entry);
  }

  /** Only a regular file has contents that a stream can set. */
  #set(path: Uint8Array, bytes: number, carried: number): number {
    const index = this.#indexOf(path);
    this.#facts.setType(index, 'file');
    this.#facts.addContents(index, bytes, carried);
    return index;
  }

  #indexOf(path: Uint8Array): number {
    return this.#names.get(path).index;
  }
}

/** `FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE` of linux/falloc.h; other modes leave the bytes as they are. */
const SETS_ZEROS = 0x02 | 0x10;

/** Permission bits with set-id and sticky. */
const PERMISSIONS = 0o7777n;

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

import { byteText } from '../byte-text.ts';
import type { CommandOf } from '../command.ts';
import { displayPath } from '../display-path.ts';
import type { SendStreamErrorCode } from '../error.ts';
import { type Entry, joinNames } from '../namespace/entry.ts';
import type { Namespace } from '../namespace/namespace.ts';
import type { GuardPolicy } from './policy.ts';
import { refusal } from './refusal.ts';
import { isAllowedXattr, isXattrName } from './xattr-policy.ts';

/** A privilege that belongs to an object and is allowed by its paths. */
type Privilege = 'setuid' | 'capabilities' | 'devices';

/**
 * Holds what a stream makes against the policy.
 *
 * A stream makes objects under temporary names and renames directories later, so what an object will be called is known
 * only at its end. Therefore twice: a command that gives a privilege passes only if the policy lists any path for it,
 * and `end` passes only if every name of every privileged object is listed. Privilege belongs to the object: a second
 * name of a set-uid file, or a rename of a directory above it, is found at the end; a `chmod` that takes the bit away,
 * or the removal of the last name, ends it. That the kernel may take set-uid bits away by itself, on `chown`, is not
 * counted on. Until `end` has passed, `btrfs receive` leaves an unfinished subvolume that nothing is run from.
 *
 * An object of the parent has the privileges that the parent shows (kind and mode) or that the parent's policy lists,
 * and is judged when a command named it, or when that policy lists it. What the stream does not touch was judged when
 * the parent was received.
 */
export class Privileges {
  readonly #policy: GuardPolicy;
  readonly #names: Namespace;
  readonly #listed: Readonly<Record<Privilege, ReadonlySet<string>>>;
  readonly #xattrs: ReadonlySet<string>;
  /** What commands said last; what the parent says counts where they said nothing. */
  readonly #given: Readonly<Record<Privilege, Map<Entry, boolean>>> = {
    setuid: new Map(),
    capabilities: new Map(),
    devices: new Map(),
  };

  constructor(policy: GuardPolicy, names: Namespace) {
    this.#policy = policy;
    this.#names = names;
    this.#listed = {
      setuid: new Set(policy.setuid.map(pathText)),
      capabilities: new Set(policy.capabilities.map(pathText)),
      devices: new Set(policy.devices.map(pathText)),
    };
    this.#xattrs = new Set(policy.xattrs.map(pathText));
  }

  /** Follows what the parent's own policy lists. What is not there any more is no privilege. */
  follow({ setuid, capabilities }: GuardPolicy): void {
    for (const path of setuid) this.#names.find(pathBytes(path));
    for (const path of capabilities) {
      const entry = this.#names.find(pathBytes(path));
      if (entry !== undefined) this.#given.capabilities.set(entry, true);
    }
  }

  /** A device node was made. */
  mknod(command: CommandOf<'mknod'>, entry: Entry): void {
    this.#give(command, 'devices', entry, 'device nodes are not allowed');
  }

  /** A mode was set. */
  chmod(command: CommandOf<'chmod'>, entry: Entry): void {
    if ((command.mode & SET_ID) === 0n) this.#take('setuid', entry);
    else this.#give(command, 'setuid', entry, `mode ${command.mode.toString(8)} sets the set-uid or set-gid bit`);
  }

  setXattr(command: CommandOf<'set_xattr'>, entry: Entry): void {
    demandXattrName(command);
    const name = byteText(command.xattr_name);
    if (name === CAPABILITY) {
      this.#give(command, 'capabilities', entry, 'file capabilities are not allowed');
      return;
    }
    if (isAllowedXattr(command.xattr_name) || this.#xattrs.has(name)) return;
    const problem = `extended attribute ${displayPath(command.xattr_name)} is not allowed`;
    throw refusal(command, 'GUARD_XATTR', problem, hintFor('xattrs', displayPath(command.xattr_name)));
  }

  /** Any attribute may go: what is left could have come without it in the first place. */
  removeXattr(command: CommandOf<'remove_xattr'>, entry: Entry): void {
    demandXattrName(command);
    if (byteText(command.xattr_name) === CAPABILITY) this.#take('capabilities', entry);
  }

  /** Lets `end` pass only when every name of every privileged object is listed. */
  refuseUnlisted(command: CommandOf<'end'>): void {
    if (!this.#names.hasParent && PRIVILEGES.every((privilege) => this.#given[privilege].size === 0)) return;
    for (const { directory, name, entry } of this.#names.names()) {
      if (entry !== undefined) this.#refuseUnlistedName(command, entry, directory, name);
    }
    this.#refuseUnlistedName(command, this.#names.root, '', '');
  }

  #refuseUnlistedName(command: CommandOf<'end'>, entry: Entry, directory: string, name: string): void {
    for (const privilege of PRIVILEGES) {
      if (!(this.#given[privilege].get(entry) ?? hadInParent(privilege, entry))) continue;
      const path = joinNames(directory, name);
      if (this.#listed[privilege].has(path)) continue;
      const shown = path === '' ? 'the root' : displayPath(Buffer.from(path, 'latin1'));
      throw refusal(command, CODE[privilege], `${shown} ${FINDING[privilege]}`, hintFor(privilege, shown));
    }
  }

  #give(
    command: CommandOf<'mknod'> | CommandOf<'chmod'> | CommandOf<'set_xattr'>,
    privilege: Privilege,
    entry: Entry,
    problem: string,
  ): void {
    if (this.#policy[privilege].length === 0) throw refusal(command, CODE[privilege], problem, hintFor(privilege));
    this.#given[privilege].set(entry, true);
  }

  /** Remembered only where there is something to forget. */
  #take(privilege: Privilege, entry: Entry): void {
    if (hadInParent(privilege, entry)) this.#given[privilege].set(entry, false);
    else this.#given[privilege].delete(entry);
  }
}

const PRIVILEGES = ['setuid', 'capabilities', 'devices'] as const satisfies readonly Privilege[];

const CODE: Readonly<Record<Privilege, SendStreamErrorCode>> = {
  setuid: 'GUARD_SET_ID_MODE',
  capabilities: 'GUARD_CAPABILITY',
  devices: 'GUARD_DEVICE_NODE',
};

const FINDING: Readonly<Record<Privilege, string>> = {
  setuid: 'ends up with a set-uid or set-gid bit',
  capabilities: 'ends up with file capabilities',
  devices: 'ends up as a device node',
};

/** S_ISUID | S_ISGID. */
const SET_ID = 0o6000n;
const CAPABILITY = 'security.capability';

function hadInParent(privilege: Privilege, { kind, parentObject }: Entry): boolean {
  if (privilege === 'devices') return kind === 'character-device' || kind === 'block-device';
  // A symlink's mode means nothing.
  return privilege === 'setuid' && kind !== 'symlink' && ((parentObject?.mode ?? 0) & Number(SET_ID)) !== 0;
}

function demandXattrName(command: CommandOf<'set_xattr'> | CommandOf<'remove_xattr'>): void {
  if (isXattrName(command.xattr_name)) return;
  throw refusal(command, 'GUARD_XATTR', `"${displayPath(command.xattr_name)}" is no name of an extended attribute`);
}

function hintFor(key: keyof GuardPolicy, what = 'it'): string {
  return `If that is meant, list ${what} under policy.${key} of the release and let the host's configuration allow it (allow.${SETTING[key]}).`;
}

/** The key of a host's configuration that allows each. */
const SETTING: Readonly<Record<keyof GuardPolicy, string>> = {
  setuid: 'suid',
  capabilities: 'capabilities',
  devices: 'dev',
  xattrs: 'xattrs',
};

/** A path of a manifest as the stream spells it. */
function pathBytes(path: string): Buffer {
  return Buffer.from(path, 'utf8');
}

function pathText(path: string): string {
  return byteText(pathBytes(path));
}

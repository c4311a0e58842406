import type { Command, CommandOf } from '../command.ts';
import { displayPath } from '../display-path.ts';
import type { Entry } from '../namespace/entry.ts';
import { followCommand } from '../namespace/follow-command.ts';
import { Namespace } from '../namespace/namespace.ts';
import { describeKind } from '../namespace/node-kind.ts';
import type { StreamHead } from '../stream-head.ts';
import type { GuardExpectation } from './expectation.ts';
import { FileBytes } from './file-bytes.ts';
import { HARMLESS_ONLY } from './policy.ts';
import { Privileges } from './privileges.ts';
import { refusal } from './refusal.ts';
import { refuseKind } from './refuse-kind.ts';
import { refuseNumbers } from './refuse-numbers.ts';
import { refuseStrangeAttributes } from './refuse-strange-attributes.ts';

/** Holds the commands after the first against the snapshot as they have built it so far, and against the policy. */
export class CommandCheck {
  readonly #expected: GuardExpectation;
  readonly #own: string;
  readonly #names: Namespace;
  readonly #privileges: Privileges;
  readonly #bytes: FileBytes | undefined;
  #files = 0;

  /** @param head what the first command says; it is the expected one */
  constructor(expected: GuardExpectation, head: StreamHead) {
    this.#expected = expected;
    this.#own = head.uuid;
    this.#bytes = expected.maxFileBytes === undefined ? undefined : new FileBytes(expected.maxFileBytes);
    this.#names = new Namespace(expected.parentUuid === undefined ? undefined : expected.parent);
    this.#privileges = new Privileges(expected.policy ?? HARMLESS_ONLY, this.#names);
    if (expected.parentPolicy !== undefined) this.#privileges.follow(expected.parentPolicy);
  }

  /**
   * Lets a command pass, and takes note of what it does.
   * @throws SendStreamError `GUARD_…`
   * @throws NameProblem when its paths do not lead where it needs
   */
  accept(command: Command): void {
    refuseStrangeAttributes(command);
    if (command.kind === 'end') {
      this.#privileges.refuseUnlisted(command);
      return;
    }
    demandPossible(command);
    const changed = followCommand(this.#names, command);
    if (changed !== undefined) this.#acceptNew(command, changed);
    else this.#acceptChange(command, this.#names.get(command.path));
  }

  #acceptNew(command: Command, entry: Entry): void {
    if (command.kind === 'mknod') this.#privileges.mknod(command, entry);
    if (command.kind !== 'mkfile') return;
    const { maxFiles } = this.#expected;
    this.#files += 1;
    if (maxFiles === undefined || this.#files <= maxFiles) return;
    throw refusal(command, 'GUARD_TOO_MANY_FILES', `it is file ${this.#files}, the snapshot has ${maxFiles}`);
  }

  #acceptChange(command: Command, entry: Entry): void {
    refuseKind(command, entry.kind);
    const end = refuseNumbers(command);
    if (end !== undefined) this.#bytes?.reach(command, entry, end);
    if (command.kind === 'clone') this.#refuseSource(command);
    else if (command.kind === 'chmod') this.#privileges.chmod(command, entry);
    else if (command.kind === 'set_xattr') this.#privileges.setXattr(command, entry);
    else if (command.kind === 'remove_xattr') this.#privileges.removeXattr(command, entry);
  }

  /** The parent's own UUID means the parent as it was; the snapshot's means what the commands so far made of it. */
  #refuseSource(command: CommandOf<'clone'>): void {
    const { parentUuid } = this.#expected;
    const { clone_uuid, clone_path } = command;
    if (clone_uuid !== this.#own && clone_uuid !== parentUuid) {
      const own = `this subvolume (${this.#own})`;
      const allowed = parentUuid === undefined ? own : `${own} or the parent (${parentUuid})`;
      throw refusal(command, 'GUARD_FOREIGN_CLONE', `clone_uuid is ${clone_uuid}, expected ${allowed}`);
    }
    const { kind } = clone_uuid === parentUuid ? this.#names.original(clone_path) : this.#names.get(clone_path);
    if (kind === 'file' || kind === 'unknown') return;
    const problem = `clone_path ${displayPath(clone_path)} is ${describeKind(kind)}, expected a file`;
    throw refusal(command, 'GUARD_WRONG_KIND', problem);
  }
}

/** A command that may stand in the middle of a stream. */
type Possible = Exclude<Command, { readonly kind: 'unknown' | 'subvol' | 'snapshot' | 'update_extent' | 'end' }>;

function demandPossible(command: Exclude<Command, { readonly kind: 'end' }>): asserts command is Possible {
  switch (command.kind) {
    case 'unknown': {
      const problem = `command ${command.type} is not in the stream's protocol version`;
      throw refusal(command, 'GUARD_UNKNOWN_COMMAND', problem);
    }
    case 'subvol':
    case 'snapshot':
      throw refusal(command, 'GUARD_SECOND_SUBVOLUME', 'a second subvolume in one stream');
    case 'update_extent': {
      const problem = 'the stream was made with --no-data and lacks file contents';
      throw refusal(command, 'GUARD_NO_DATA', problem, 'Send it again without --no-data.');
    }
  }
}

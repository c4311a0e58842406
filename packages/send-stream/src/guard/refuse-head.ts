import type { Command } from '../command.ts';
import { displayPath } from '../display-path.ts';
import { SendStreamError, type SendStreamErrorCode } from '../error.ts';
import { pathProblem } from '../namespace/path-problem.ts';
import { headOf } from '../stream-head.ts';
import type { GuardExpectation } from './guard.ts';
import { refuseStrangeAttributes } from './refuse-command.ts';

/** Lets the first command of a stream pass only when it makes exactly the expected subvolume on the expected parent. */
export function refuseHead(first: Command, version: number, expected: GuardExpectation): void {
  refuseStrangeAttributes(first);
  const { name, uuid, transid, parent } = headOf(first, version);
  const demand = (holds: boolean, code: SendStreamErrorCode, problem: string) => {
    if (!holds) throw new SendStreamError(code, first.offset, `${first.kind}: ${problem}`);
  };
  if (first.kind === 'subvol' || first.kind === 'snapshot') {
    const problem = first.path.includes(SLASH) ? 'has more than one component' : pathProblem(first.path);
    demand(problem === undefined, 'GUARD_BAD_PATH', `name ${displayPath(first.path)} ${problem}`);
  }
  demand(name === expected.name, 'GUARD_WRONG_NAME', `name is ${name}, expected ${expected.name}`);
  demand(uuid === expected.uuid, 'GUARD_WRONG_UUID', `uuid is ${uuid}, expected ${expected.uuid}`);
  demand(transid === expected.transid, 'GUARD_WRONG_TRANSID', `transid is ${transid}, expected ${expected.transid}`);
  // The parent's transid is the sender's local number and says nothing here.
  demand(
    parent?.uuid === expected.parentUuid,
    'GUARD_WRONG_PARENT',
    `parent is ${parent?.uuid ?? 'none'}, expected ${expected.parentUuid ?? 'none (a full stream)'}`,
  );
}

const SLASH = 0x2f;

import type { Command } from '../command.ts';
import { displayPath } from '../display-path.ts';
import type { SendStreamErrorCode } from '../error.ts';
import { pathProblem } from '../namespace/path-problem.ts';
import { headOf, type StreamHead } from '../stream-head.ts';
import type { GuardExpectation } from './expectation.ts';
import { refusal } from './refusal.ts';
import { refuseStrangeAttributes } from './refuse-strange-attributes.ts';

/**
 * Lets the first command of a stream pass only when it makes exactly the expected subvolume on the expected parent.
 * @returns what it says
 */
export function refuseHead(first: Command, version: number, expected: GuardExpectation): StreamHead {
  refuseStrangeAttributes(first);
  const head = headOf(first, version);
  const demand = (holds: boolean, code: SendStreamErrorCode, problem: string) => {
    if (!holds) throw refusal(first, code, problem);
  };
  const demandSame = <Value>(field: string, found: Value, wanted: Value | undefined, code: SendStreamErrorCode) =>
    demand(wanted === undefined || found === wanted, code, `${field} is ${found}, expected ${wanted}`);

  if (first.kind === 'subvol' || first.kind === 'snapshot') {
    const problem = first.path.includes(SLASH) ? 'has more than one component' : pathProblem(first.path);
    demand(problem === undefined, 'GUARD_BAD_PATH', `name ${displayPath(first.path)} ${problem}`);
  }
  demandSame('name', head.name, expected.name, 'GUARD_WRONG_NAME');
  demandSame('uuid', head.uuid, expected.uuid, 'GUARD_WRONG_UUID');
  demandSame('transid', head.transid, expected.transid, 'GUARD_WRONG_TRANSID');
  // The parent's transid is the sender's local number and says nothing here.
  demand(
    head.parent?.uuid === expected.parentUuid,
    'GUARD_WRONG_PARENT',
    `parent is ${head.parent?.uuid ?? 'none'}, expected ${expected.parentUuid ?? 'none (a full stream)'}`,
  );
  return head;
}

const SLASH = 0x2f;

import type { Command } from '../command.ts';
import { refusal } from './refusal.ts';

/** Lets a command pass only when `btrfs receive` ignores nothing of it. */
export function refuseStrangeAttributes(command: Command): void {
  const [strange] = command.strange;
  if (strange === undefined || command.kind === 'unknown') return;
  const { offset, type } = strange;
  throw refusal({ ...command, offset }, 'GUARD_UNKNOWN_ATTRIBUTE', `attribute ${type} does not belong to it`);
}

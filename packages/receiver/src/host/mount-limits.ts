import type { Allow } from './config.ts';

/**
 * The mount options that keep privileges in a deployment from working. `nosuid` also takes the effect from file
 * capabilities, so either setting lifts it; the guard still lets in only what that setting allows.
 */
export function mountLimits({
  suid,
  capabilities,
  dev,
}: Pick<Allow, 'suid' | 'capabilities' | 'dev'>): readonly string[] {
  return [...(suid || capabilities ? [] : ['nosuid']), ...(dev ? [] : ['nodev'])];
}

import { SystemError } from '../error.ts';
import type { Runner } from '../runner.ts';

/** An overlay: one read-only lower layer and a writable upper one. */
export interface OverlayRequest {
  readonly lower: string;
  readonly upper: string;
  readonly work: string;
  readonly at: string;
  /** Further mount options, such as `nosuid`. */
  readonly options: readonly string[];
}

/**
 * The overlay options under which a lower layer may be replaced beneath an existing upper one
 * (kernel documentation, overlayfs, “Changes to underlying filesystems”).
 */
export const REPLACEABLE_LOWER = [
  'index=off',
  'metacopy=off',
  'redirect_dir=nofollow',
  'xino=off',
  'nfs_export=off',
] as const;

/** Mounts an overlay. Rejects with `SYSTEM_BAD_PATH` for a path that the option syntax cannot carry. */
export async function mountOverlay(runner: Runner, { lower, upper, work, at, options }: OverlayRequest): Promise<void> {
  for (const path of [lower, upper, work]) {
    if (/[:,\\]/.test(path)) {
      throw new SystemError(
        'SYSTEM_BAD_PATH',
        `${path} has a colon, comma or backslash, which overlay options cannot carry`,
      );
    }
  }
  const layers = [`lowerdir=${lower}`, `upperdir=${upper}`, `workdir=${work}`];
  await runner.run(['mount', '-t', 'overlay', 'overlay', '-o', [...layers, ...options].join(','), at]);
}

/** Makes a mount read-only. Rejects with `SYSTEM_MOUNT_BUSY` while somebody holds a file on it open for writing. */
export async function remountReadOnly(runner: Runner, at: string): Promise<void> {
  const { exitCode, stderr } = await runner.run(['mount', '-o', 'remount,ro', at], { accept: [32] });
  if (exitCode !== 0) throw new SystemError('SYSTEM_MOUNT_BUSY', `${at} cannot be made read-only: ${stderr.trim()}`);
}

/** Makes a mount writable again. */
export async function remountWritable(runner: Runner, at: string): Promise<void> {
  await runner.run(['mount', '-o', 'remount,rw', at]);
}

/** Unmounts, never lazily. Rejects with `SYSTEM_MOUNT_BUSY` while it is in use. */
export async function unmount(runner: Runner, at: string): Promise<void> {
  const { exitCode, stderr } = await runner.run(['umount', at], { accept: [32] });
  if (exitCode !== 0) throw new SystemError('SYSTEM_MOUNT_BUSY', `${at} cannot be unmounted: ${stderr.trim()}`);
}

/** Shows a directory at another place, too. Rejects with `TOOL_FAILED`. @param options further ones, such as `nosuid` */
export async function bindMount(
  runner: Runner,
  { from, at, options }: { readonly from: string; readonly at: string; readonly options: readonly string[] },
): Promise<void> {
  await runner.run(['mount', '-o', ['bind', ...options].join(','), '--', from, at]);
}

import { readFile } from 'node:fs/promises';
import { isAbsolute, sep } from 'node:path';
import { systemRunner } from '@goldstream/system';

/** One line of `/proc/PID/mountinfo`, the part that matters here (proc_pid_mountinfo(5)). */
interface Mount {
  readonly mountPoint: string;
  readonly source: string;
  /** Super block options, such as an overlay's `lowerdir=…`. */
  readonly options: string;
}

/**
 * Mount points of this mount namespace that use `directory`, in the order they were made: those below it, overlays
 * elsewhere that have a layer in it, and every other mount of a device that is mounted below it (a bind mount out
 * of a pool, say).
 */
export async function mountsUsing(directory: string): Promise<string[]> {
  const mounts = parseMountinfo(await readFile('/proc/self/mountinfo', 'utf8'));
  const devices = new Set(
    mounts
      .filter(({ mountPoint, source }) => isInside(mountPoint, directory) && source.startsWith('/dev/loop'))
      .map(({ source }) => source),
  );
  return mounts
    .filter(
      ({ mountPoint, source, options }) =>
        isInside(mountPoint, directory) ||
        devices.has(source) ||
        layersOf(options).some((it) => isInside(it, directory)),
    )
    .map(({ mountPoint }) => mountPoint);
}

/**
 * Unmounts everything that uses `directory`, the newest mount first. Never lazily: a mount that is busy fails the
 * test that left it behind (`TOOL_FAILED`).
 */
export async function unmountAllUsing(directory: string): Promise<void> {
  // Read again each time: with shared propagation one umount can take others along.
  for (let newest = (await mountsUsing(directory)).pop(); newest; newest = (await mountsUsing(directory)).pop()) {
    await systemRunner.capture(['umount', newest]);
  }
}

function parseMountinfo(text: string): Mount[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      // "28 23 0:25 /root /mount/point rw,relatime shared:1 - btrfs /dev/loop0 rw,subvol=/"
      const [own = '', filesystem = ''] = line.split(' - ');
      const [, source = '', options = ''] = filesystem.split(' ');
      return { mountPoint: plain(own.split(' ')[4] ?? ''), source: plain(source), options: plain(options) };
    });
}

/** Space, tab, newline and backslash are written as three octal digits. */
function plain(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function layersOf(options: string): string[] {
  return options.split(/[,=:]/).filter(isAbsolute);
}

function isInside(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory + sep);
}

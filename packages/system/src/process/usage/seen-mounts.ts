import { readdir, readFile, readlink } from 'node:fs/promises';
import { type MountEntry, parseMountinfo } from '../../mount/mountinfo.ts';
import { processIds } from './process-ids.ts';

/** A mount that some process sees. */
export interface SeenMount extends MountEntry {
  /** `MAJOR:MINOR` of the filesystem, as mountinfo has it. */
  readonly device: string;
  /** A process that sees it. */
  readonly process: number;
  /** Whether we see it too. */
  readonly own: boolean;
}

/** The mounts of every mount namespace that has a process in it. */
export interface SeenMounts {
  /** By mount ID, which is unique on the whole machine. */
  readonly byId: ReadonlyMap<number, SeenMount>;
  /** `mnt:[INODE]` of the namespaces that were looked into. */
  readonly namespaces: ReadonlySet<string>;
}

/** Reads the mountinfo of every thread whose namespace or root directory is another one. */
export async function readSeenMounts(): Promise<SeenMounts> {
  const byId = new Map<number, SeenMount>();
  const namespaces = new Set<string>();
  const views = new Set<string>();

  const look = async (process: number, thread: string, own: boolean) => {
    const task = `/proc/${process}/task/${thread}`;
    // What may not be read is no reason not to look: mountinfo itself asks for no rights.
    const [namespace, root] = await Promise.all(
      ['ns/mnt', 'root'].map((link) => readlink(`${task}/${link}`).catch(() => undefined)),
    );
    if (namespace !== undefined) namespaces.add(namespace);
    const view = `${namespace} ${root}`;
    if (namespace !== undefined && views.has(view)) return;
    views.add(view);
    // A process that has ended sees nothing.
    const text = await readFile(`${task}/mountinfo`, 'utf8').catch(() => '');
    for (const mount of parseLines(text, process, own)) if (!byId.has(mount.id)) byId.set(mount.id, mount);
  };

  await look(globalThis.process.pid, String(globalThis.process.pid), true);
  for (const process of await processIds()) {
    const threads = await readdir(`/proc/${process}/task`).catch(() => []);
    await Promise.all(threads.map((thread) => look(process, thread, false)));
  }
  return { byId, namespaces };
}

/** Whether a mount is still there: others come and go while we look. */
export async function isStillSeen({ id, process }: SeenMount): Promise<boolean> {
  const text = await readFile(`/proc/${process}/mountinfo`, 'utf8').catch(() => '');
  return parseMountinfo(text).some((entry) => entry.id === id);
}

function parseLines(text: string, process: number, own: boolean): readonly SeenMount[] {
  return text.split('\n').flatMap((line) => {
    const device = line.split(' ')[2] ?? '';
    return parseMountinfo(line).map((entry) => ({ ...entry, device, process, own }));
  });
}

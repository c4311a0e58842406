import { join } from 'node:path';
import { renderDropIn } from '../boot/render-drop-in.ts';
import type { Layout } from '../host/layout.ts';

/** Where components meet the system. */
export interface Site {
  /** Every target lies below it; `/` on a real host. */
  readonly root: string;
  /** The tree that no target may lie in: what is switched as a whole is not written to piecemeal. */
  readonly reserved: string;
  /** Directory on this host where what somebody else had at an adopted target is kept, by its SHA-256. */
  readonly originals: string;
  /** What a system link's text begins with, seen from inside `root`; what `follows` says follows. */
  readonly links: string;
  /**
   * `target`: the system target, for there is a link farm. `path`: the component's folder and the file's path in it, for
   * the folder is a link that is switched as a whole. Default: `target`.
   */
  readonly follows?: 'target' | 'path';
  /** Content of the drop-in that every installed unit gets; none where a unit needs nothing but itself. */
  readonly dropIn?: string;
}

/** The site of deployments: links go by way of `current`, so that one rename moves them all. */
export function deploymentSite({ root, pool, poolInside, backup, application }: Layout): Site {
  return {
    root,
    reserved: pool,
    originals: join(backup, 'originals'),
    links: `${poolInside}/current/links`,
    dropIn: renderDropIn(application),
  };
}

/**
 * The text of the link at a system target: with a farm it depends on the target alone, so it never changes.
 * @param path with the component's folder: `stage-1-core-dbus/bin/op-dbus`; none for what is never linked
 */
export function systemLinkText({ links, follows }: Site, target: string, path = ''): string {
  return follows === 'path' ? `${links}/${path}` : `${links}${target}`;
}

import { renderDropIn } from '../boot/render-drop-in.ts';
import type { Layout } from '../host/layout.ts';

/** Where components meet the system. */
export interface Site {
  /** Every target lies below it; `/` on a real host. */
  readonly root: string;
  /** The tree that no target may lie in: what is switched as a whole is not written to piecemeal. */
  readonly reserved: string;
  /** What a system link's text begins with, seen from inside `root`; the target follows. */
  readonly links: string;
  /** Content of the drop-in that every installed unit gets; none where a unit needs nothing but itself. */
  readonly dropIn?: string;
}

/** The site of deployments: links go by way of `current`, so that one rename moves them all. */
export function deploymentSite({ root, pool, poolInside, application }: Layout): Site {
  return { root, reserved: pool, links: `${poolInside}/current/links`, dropIn: renderDropIn(application) };
}

/** The text of the link at a system target. It depends on the target alone, so it never changes. */
export function systemLinkText({ links }: Site, target: string): string {
  return `${links}${target}`;
}

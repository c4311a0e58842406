import type { Layout } from '../host/layout.ts';
import { deploymentSite, type Site } from '../integrate/site.ts';

/**
 * The site of stages: a link on the system names its file in the stage, whose name is a link to its tree. So one rename
 * moves all links of a stage, and no farm stands between them. The pool is mounted before any ordinary service starts,
 * and nothing more has to be: units get no drop-in.
 */
export function stagingSite(layout: Layout): Site {
  const { dropIn: _, ...site } = deploymentSite(layout);
  return { ...site, links: `${layout.poolInside}/staging`, follows: 'path' };
}

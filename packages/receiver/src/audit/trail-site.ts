import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { machineIdFor } from '@goldstream/release';
import type { Layout } from '../host/layout.ts';
import type { TrailSite } from './append-event.ts';
import type { TrailPaths } from './look-at-trail.ts';

/** Where an application's trail is. */
export function trailPathsOf({ state }: Pick<Layout, 'state'>): TrailPaths {
  return { trail: join(state, 'audit.jsonl'), head: join(state, 'audit.head') };
}

/** The trail of an application on a host. */
export function trailSiteOf(layout: Layout, now: () => Date): TrailSite {
  const { root, application } = layout;
  return {
    ...trailPathsOf(layout),
    application,
    host: async () => machineIdFor(application, await readFile(join(root, 'etc/machine-id'), 'utf8').catch(() => '')),
    now,
  };
}

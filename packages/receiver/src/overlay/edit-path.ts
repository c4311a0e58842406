import { normalize } from 'node:path/posix';
import { ReceiverError } from '../error.ts';
import type { Layout } from '../host/layout.ts';

/**
 * A path as people type it, relative to a deployment's root; absolute ones go by way of `current` or of the deployment.
 * @throws ReceiverError `OVERLAY_NO_EDIT` when it leads elsewhere
 */
export function editPath(layout: Layout, number: number, typed: string): string {
  const path = normalize(typed).replace(/\/$/, '');
  const { link } = layout.deployment(number);
  const roots = [layout.pool, layout.poolInside].flatMap((pool) => [`${pool}/current/root/`, `${pool}/${link}/root/`]);
  const root = roots.find((one) => path.startsWith(one)) ?? '';
  const relative = path.slice(root.length);
  if (!/^(?:\/|\.\.?(?:\/|$)|$)/.test(relative)) return relative;
  throw new ReceiverError('OVERLAY_NO_EDIT', `${typed} is not inside the deployment`, {
    hint: 'Name paths as `goldstream-receiver overlay list` does.',
  });
}

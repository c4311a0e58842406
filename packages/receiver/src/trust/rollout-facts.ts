import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type HostFacts as ChannelHost, machineIdFor, type Version } from '@goldstream/release';
import type { Layout } from '../host/layout.ts';

/** What decides beside a channel which release this host takes next. */
export async function gatherRollout(
  { root, application }: Layout,
  { active, now }: { readonly active: Version | undefined; readonly now: Date },
): Promise<ChannelHost> {
  // Unreadable or absent: this host comes last.
  const text = await readFile(join(root, 'etc/machine-id'), 'utf8').catch(() => '');
  return { active, machineId: machineIdFor(application, text), now };
}

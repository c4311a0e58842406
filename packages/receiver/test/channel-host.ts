import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Ended } from '@goldstream/system';
import { mountsUsing, snapshotOfTree } from '@goldstream/testing';
import { expect } from 'vitest';
import { trailPathsOf } from '../src/audit/trail-site.ts';
import { expectHostUnchanged, type TargetHost } from './target-host.ts';

/** Writes the configuration of a host that follows `stable`. */
export async function followStable({ layout }: TargetHost, store: string, more = ''): Promise<void> {
  await writeFile(layout.config, `store: ${JSON.stringify(store)}\nchannel: stable\n${more}`);
}

/** What a refusal must be: exit code, error code, and the reason in words. */
export interface Refusal {
  readonly exitCode: number;
  readonly code: string;
  readonly reason?: RegExp;
}

/** What is special about the run. */
type RunOfHost = Parameters<TargetHost['run']>[1];

/** Runs a command that must be refused, and fails unless everything on the host is as it was, its trust included. */
export async function expectRefused(
  host: TargetHost,
  args: readonly string[],
  refusal: Refusal,
  options?: RunOfHost,
): Promise<void> {
  demandRefusal(await expectHostUnchanged(host, () => host.run(args, options)), refusal);
}

/** The same where an honest channel comes first: that it was seen, and when, is remembered. */
export async function expectRefusedBehindChannel(
  host: TargetHost,
  args: readonly string[],
  refusal: Refusal,
  options?: RunOfHost,
): Promise<void> {
  const before = await everythingButChannels(host);
  const ended = await host.run(args, options);
  expect(await everythingButChannels(host)).toEqual(before);
  demandRefusal(ended, refusal);
}

function demandRefusal({ exitCode, stderr }: Ended, { code, reason = /./, ...wanted }: Refusal): void {
  expect({ exitCode, stderr }).toEqual({ exitCode: wanted.exitCode, stderr: expect.stringContaining(code) });
  expect(stderr).toMatch(reason);
}

async function everythingButChannels({ root, layout }: TargetHost) {
  const record = layout.channelRecord('stable');
  const { trail, head } = trailPathsOf(layout);
  const mayMove = [layout.lock, trail, head, record, dirname(record), dirname(dirname(record))].map((at) =>
    at.slice(root.length + 1),
  );
  const listing = Object.entries(await snapshotOfTree(root)).filter(([path]) => !mayMove.includes(path));
  return { listing: Object.fromEntries(listing), mounts: await mountsUsing(root) };
}

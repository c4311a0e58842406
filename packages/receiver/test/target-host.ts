import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseVersion } from '@goldstream/release';
import type { Ended, RunOptions } from '@goldstream/system';
import { cli, type ListingOptions, mountsUsing, snapshotOfTree } from '@goldstream/testing';
import { expect } from 'vitest';
import { trailPathsOf } from '../src/audit/trail-site.ts';
import { type Layout, layoutOf } from '../src/host/layout.ts';
import { type ReceivedVersion, receivedVersionSchema } from '../src/state/records.ts';
import type { Status } from '../src/status/status.ts';
import { demandDone } from './demand-done.ts';

/** A host below a throw-away root, and the receiver as people type it. */
export interface TargetHost {
  readonly root: string;
  readonly layout: Layout;
  /** The command line of the receiver on this host. */
  command(...args: readonly string[]): readonly [string, ...string[]];
  /** Runs a command, whatever becomes of it. */
  run(args: readonly string[], options?: Omit<RunOptions, 'accept'>): Promise<Ended>;
  /** Runs a command, which must succeed, and gives back its stdout. */
  do(...args: readonly string[]): Promise<string>;
  status(): Promise<Status>;
  /** What is recorded of a version; undefined: nothing. */
  recordOf(version: string): Promise<ReceivedVersion | undefined>;
  /** A path of the host as seen from here. */
  at(path: string): string;
  read(path: string): Promise<string>;
}

/** The receiver from its sources. */
export const RECEIVER = cli(fileURLToPath(new URL('../src/main.ts', import.meta.url)));

/** A host with the given root directory, on which nothing was done yet. */
export async function targetHost(root: string, application: string): Promise<TargetHost> {
  await mkdir(root, { recursive: true });
  const layout = layoutOf(root, application);
  const words = (args: readonly string[]) => ['--root', root, '--app', application, ...args];
  const run: TargetHost['run'] = (args, options) => RECEIVER.run(words(args), options);
  const doIt: TargetHost['do'] = async (...args) => demandDone(await run(args));
  const at = (path: string) => join(root, path);
  return {
    root,
    layout,
    command: (...args) => RECEIVER.command(words(args)),
    run,
    do: doIt,
    at,
    read: (path) => readFile(at(path), 'utf8'),
    // `status` prints exactly this document.
    status: async () => JSON.parse(await doIt('status', '--json')) as Status,
    recordOf: async (version) => {
      const text = await readFile(layout.versionRecord(parseVersion(version)), 'utf8').catch(() => undefined);
      return text === undefined ? undefined : receivedVersionSchema.parse(JSON.parse(text));
    },
  };
}

/** The record of a version that must have been received. */
export async function receivedRecord(host: TargetHost, version: string): Promise<ReceivedVersion> {
  const record = await host.recordOf(version);
  expect(record).toMatchObject({ status: 'received' });
  // Just looked at.
  return record as ReceivedVersion;
}

/**
 * Runs `action` and fails unless everything on the host is as it was: files, pool, records, mounts. Only who held the
 * lock last may differ, and the audit trail, which tells what was refused.
 */
export async function expectHostUnchanged<T>(
  host: TargetHost,
  action: () => Promise<T>,
  options: ListingOptions = {},
): Promise<T> {
  const before = await everythingOn(host, options);
  const result = await action();
  expect(await everythingOn(host, options)).toEqual(before);
  return result;
}

async function everythingOn({ root, layout }: TargetHost, options: ListingOptions) {
  const listing = await snapshotOfTree(root, options);
  const { trail, head } = trailPathsOf(layout);
  for (const path of [layout.lock, trail, head]) delete listing[path.slice(root.length + 1)];
  return { listing, mounts: await mountsUsing(root) };
}

import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Version } from '@goldstream/release';
import { makeDirectoryDurably, removeDurably, writeDurably } from '@goldstream/system';
import * as z from 'zod';
import { ReceiverError } from '../error.ts';
import type { Layout } from '../host/layout.ts';
import {
  type DeploymentRecord,
  deploymentRecordSchema,
  type ReceivedVersion,
  receivedVersionSchema,
} from './records.ts';

const pinsSchema = z.array(z.string());

/** All version records, in no particular order. */
export async function readVersionRecords({ versionRecord }: Layout): Promise<readonly ReceivedVersion[]> {
  // Any version's record lies in the same directory.
  return readAll(dirname(versionRecord('v0.0.0' as Version)), receivedVersionSchema);
}

/** All deployment records by rising number, those of removed deployments included. */
export async function readDeploymentRecords({ deploymentRecord }: Layout): Promise<readonly DeploymentRecord[]> {
  const records = await readAll(dirname(deploymentRecord(0)), deploymentRecordSchema);
  return records.toSorted((one, other) => one.number - other.number);
}

/** The versions that an operator wants kept. */
export async function readPins({ pins }: Layout): Promise<readonly string[]> {
  return (await readRecord(pins, pinsSchema)) ?? [];
}

/** Writes a record durably. */
export async function writeVersionRecord(layout: Layout, record: ReceivedVersion): Promise<void> {
  await writeRecord(layout.versionRecord(record.version), record);
}

/** Forgets a version whose subvolume is gone, and how it was verified. */
export async function removeVersionRecord(layout: Layout, version: Version): Promise<void> {
  await rm(layout.versionCheck(version), { force: true });
  await removeDurably(layout.versionRecord(version));
}

/** Writes a record durably. */
export async function writeDeploymentRecord(layout: Layout, record: DeploymentRecord): Promise<void> {
  await writeRecord(layout.deploymentRecord(record.number), record);
}

/** Writes the pins durably. */
export async function writePins(layout: Layout, pins: readonly string[]): Promise<void> {
  await writeRecord(layout.pins, pins);
}

/** Writes a record durably, readable by root only. */
export async function writeRecord(path: string, record: unknown): Promise<void> {
  await makeDirectoryDurably(dirname(path), 0o700);
  await writeDurably(path, `${JSON.stringify(record, null, 2)}\n`, 0o600);
}

async function readAll<T>(directory: string, schema: z.ZodType<T>): Promise<readonly T[]> {
  const names = await readdir(directory).catch(ifAbsent<string[]>([]));
  const records = await Promise.all(
    names.filter((name) => /^[^.].*\.json$/.test(name)).map((name) => readRecord(`${directory}/${name}`, schema)),
  );
  return records.filter((record) => record !== undefined);
}

/**
 * Reads a record; undefined where there is none.
 * @throws ReceiverError `HOST_BAD_RECORD`
 */
export async function readRecord<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(ifAbsent<undefined>(undefined));
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ReceiverError('HOST_BAD_RECORD', `${path} is not a record that this program wrote`, {
      cause,
      hint: 'Look at the file; put it back from a backup, or move it away if what it is about is gone.',
    });
  }
}

function ifAbsent<T>(value: T): (error: unknown) => T {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return value;
    throw error;
  };
}

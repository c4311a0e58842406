import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { directoryTest } from '@goldstream/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deployment, received } from '../../test/host-facts.ts';
import { layoutOf } from '../host/layout.ts';
import { type DeploymentRecord, deploymentRecordSchema, receivedVersionSchema } from './records.ts';
import {
  readDeploymentRecords,
  readPins,
  readVersionRecords,
  removeVersionRecord,
  writeDeploymentRecord,
  writePins,
  writeVersionRecord,
} from './store-records.ts';

const RECEIVED = received('v1.0.0', { manifestSha256: 'a'.repeat(64), contentDigest: 'sha256:0', signers: ['ABCD'] });
const OTHER = received('v2.0.0-rc.1');
const ATTRIBUTES = { mode: 0o644, uid: 0, gid: 0 };
const DEPLOYED: DeploymentRecord = deployment(12, 'v1.0.0', {
  previous: 11,
  blocked: { at: '2026-11-22T02:00:00.000Z', reason: 'it failed' },
  placed: [
    { kind: 'link', component: 'core', target: '/usr/bin/op', text: '/var/lib/app/current/links/usr/bin/op' },
    {
      kind: 'unit',
      component: 'core',
      target: '/etc/systemd/system/op.service',
      sha256: 'b'.repeat(64),
      ...ATTRIBUTES,
    },
    { kind: 'default', component: 'core', target: '/etc/op', ...ATTRIBUTES },
  ],
  enabled: ['op.service'],
});

describe('records', () => {
  directoryTest('are read as they were written', async ({ temporaryDirectory }) => {
    const layout = layoutOf(temporaryDirectory, 'app');
    for (const record of [RECEIVED, OTHER]) await writeVersionRecord(layout, record);
    await writeDeploymentRecord(layout, DEPLOYED);
    await writePins(layout, ['v1.0.0']);
    expect(new Set(await readVersionRecords(layout))).toEqual(new Set([RECEIVED, OTHER]));
    expect(await readDeploymentRecords(layout)).toEqual([DEPLOYED]);
    expect(await readPins(layout)).toEqual(['v1.0.0']);
    await removeVersionRecord(layout, 'v1.0.0');
    expect(await readVersionRecords(layout)).toEqual([OTHER]);
  });

  directoryTest('are nobody else’s to read, and are text that a person can look at', async ({ temporaryDirectory }) => {
    const layout = layoutOf(temporaryDirectory, 'app');
    await writeVersionRecord(layout, RECEIVED);
    const path = layout.versionRecord('v1.0.0');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toBe(`${JSON.stringify(RECEIVED, null, 2)}\n`);
    expect(await readdir(dirname(path))).toEqual(['v1.0.0.json']);
  });

  directoryTest('are none where there is no directory yet', async ({ temporaryDirectory }) => {
    const layout = layoutOf(temporaryDirectory, 'app');
    expect(await readVersionRecords(layout)).toEqual([]);
    expect(await readDeploymentRecords(layout)).toEqual([]);
    expect(await readPins(layout)).toEqual([]);
  });

  directoryTest('of deployments come by number, not by name', async ({ temporaryDirectory }) => {
    const layout = layoutOf(temporaryDirectory, 'app');
    for (const number of [10_000, 9999, 2]) await writeDeploymentRecord(layout, deployment(number, 'v1.0.0'));
    expect((await readDeploymentRecords(layout)).map(({ number }) => number)).toEqual([2, 9999, 10_000]);
  });

  directoryTest('that a crash left half-written do not count', async ({ temporaryDirectory }) => {
    const layout = layoutOf(temporaryDirectory, 'app');
    await writeVersionRecord(layout, RECEIVED);
    await writeFile(join(dirname(layout.versionRecord('v1.0.0')), '.v2.0.0.json.new'), '{');
    expect(await readVersionRecords(layout)).toEqual([RECEIVED]);
  });

  directoryTest.for([
    ['is empty', ''],
    ['is cut off', JSON.stringify(RECEIVED).slice(0, -1)],
    ['is something else', '[]'],
    ['has a status that nobody knows', JSON.stringify({ ...RECEIVED, status: 'suspect' })],
    ['lacks a field', JSON.stringify({ ...RECEIVED, hostCtransid: undefined })],
    ['names no version', JSON.stringify({ ...RECEIVED, version: '../../etc' })],
  ] as const)('are refused, not ignored, when one %s', async ([, content], { temporaryDirectory }) => {
    const layout = layoutOf(temporaryDirectory, 'app');
    const path = layout.versionRecord('v1.0.0');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    await expect(readVersionRecords(layout)).rejects.toMatchObject({
      code: 'HOST_BAD_RECORD',
      message: expect.stringContaining(path),
    });
  });
});

describe('the schemas of records', () => {
  it('take a record or refuse it, whatever was stored', () => {
    for (const schema of [receivedVersionSchema, deploymentRecordSchema]) {
      fc.assert(
        fc.property(fc.jsonValue(), (value) => {
          expect(schema.safeParse(value).success).toBe(false);
        }),
      );
    }
  });
});

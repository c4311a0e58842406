import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHECKOUT_IN_HOST, systemdTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';

const SOURCES = `${CHECKOUT_IN_HOST}/packages/receiver/src`;
const NODE = ['node', '--conditions=source'];
const VERIFY = [...NODE, `${SOURCES}/main.ts`, '--app', 'op-dbus', 'audit', 'verify'];

/** Records a refusal, with the journal of the host. */
const RECORD = `
import { auditOf } from '${SOURCES}/audit/audit.ts';
import { trailSiteOf } from '${SOURCES}/audit/trail-site.ts';
import { layoutOf } from '${SOURCES}/host/layout.ts';
import { journalFor, systemRunner } from '${CHECKOUT_IN_HOST}/packages/system/src/index.ts';
const site = trailSiteOf(layoutOf('/', 'op-dbus'), () => new Date());
const outcome = { kind: 'refused', code: 'RELEASE_UNTRUSTED' };
const subject = { command: 'deploy\\nGOLDSTREAM_EVENT=forged' };
const audit = auditOf(site, journalFor(systemRunner, '/'), console.error);
await audit.record({ event: 'refusal', subject, outcome });
await audit.told();
await systemRunner.run(['journalctl', '--sync']);
`;

describe('the trail on a host with systemd', () => {
  systemdTest('is in the journal too, which misses it when it is gone with its head', async ({ systemdHost: host }) => {
    const state = join(host.pool, 'state');
    await mkdir(state);
    await writeFile(join(host.root, 'root/record.mjs'), RECORD);
    for (let time = 0; time < 2; time += 1) await host.run([...NODE, '/root/record.mjs']);

    const query = ['journalctl', '--output=json', 'GOLDSTREAM_EVENT=refusal', 'GOLDSTREAM_CODE=RELEASE_UNTRUSTED'];
    const entries = (await host.run(query)).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries).toMatchObject([
      { GOLDSTREAM_AUDIT_NUMBER: '2', GOLDSTREAM_COMMAND: 'deploy\\x0aGOLDSTREAM_EVENT=forged', PRIORITY: '4' },
      { GOLDSTREAM_AUDIT_NUMBER: '3', SYSLOG_IDENTIFIER: 'goldstream-receiver' },
    ]);
    expect((await host.run(VERIFY)).stdout).toContain('every line is as it was written');

    for (const name of ['audit.jsonl', 'audit.head']) await rm(join(state, name));
    const { stdout } = await host.run(VERIFY, { accept: [5] });
    expect(stdout).toContain('the journal knows entry 3');
    expect(stdout).toContain('NOT as it was written');
  });
});

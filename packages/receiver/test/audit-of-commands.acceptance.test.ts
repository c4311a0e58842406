import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestName, parseVersion, renderChannel } from '@goldstream/release';
import { describe, expect } from 'vitest';
import type { AuditEntry } from '../src/audit/entry.ts';
import { trailPathsOf } from '../src/audit/trail-site.ts';
import { writeIntent } from '../src/state/store-intent.ts';
import { followStable } from './channel-host.ts';
import { publisherOf, strangerSigns } from './publisher.ts';
import { shopTest } from './shop-test.ts';
import type { TargetHost } from './target-host.ts';

describe('the audit trail of a host', () => {
  shopTest('tells what every command did, by its manifest, and where it ended', async ({ host, shop }) => {
    await host.do('deploy', 'v1.0.0');
    await host.do('upgrade', 'v1.0.0', 'v1.1.0');
    await host.do('rollback');
    const [v100, v110] = await Promise.all(['v1.0.0', 'v1.1.0'].map((version) => manifestSha256(shop.store, version)));
    expect(await told(host)).toEqual([
      ['genesis', 'done', expect.objectContaining({ application: 'shop' })],
      ['prepare', 'done', {}],
      ['deploy', 'begun', { version: 'v1.0.0', manifestSha256: v100 }],
      ['deploy', 'done', { version: 'v1.0.0', manifestSha256: v100, deployment: 1 }],
      ['upgrade', 'begun', { version: 'v1.1.0', from: 'v1.0.0', manifestSha256: v110 }],
      ['upgrade', 'done', { version: 'v1.1.0', from: 'v1.0.0', manifestSha256: v110, deployment: 2 }],
      ['rollback', 'begun', { version: 'v1.0.0', from: 'v1.1.0', manifestSha256: v100, deployment: 3 }],
      ['rollback', 'done', { version: 'v1.0.0', from: 'v1.1.0', manifestSha256: v100, deployment: 3 }],
    ]);
    await expectWhole(host);
  });

  shopTest('tells what was removed, one by one, and nothing of what was not done', async ({ host }) => {
    for (const version of ['v1.0.0', 'v1.1.0']) await host.do('deploy', version);
    const before = await told(host);
    await host.do('deploy', 'v1.1.0');
    await host.do('deploy', 'v1.3.0', '--dry-run');
    expect(await told(host)).toEqual(before);

    await host.do('pin', 'v1.1.0');
    await host.do('deploy', 'v1.2.0');
    await host.do('prune', '--keep', '1');
    const after = (await told(host)).slice(before.length);
    const events = after.map(([event, outcome]) => `${event} ${outcome}`);
    expect(events.slice(0, 3)).toEqual(['pin begun', 'pin done', 'deploy begun']);
    expect(new Set(events.slice(3))).toEqual(new Set(['prune done', 'deploy done']));
    expect(after).toContainEqual(['prune', 'done', { deployment: expect.any(Number) }]);
    await expectWhole(host);
  });

  shopTest('tells what was fetched, mounted, unmounted and let go', async ({ host, shop }) => {
    await host.do('fetch', 'v1.0.0');
    await host.do('mount', 'v1.0.0');
    await host.do('unmount', 'v1.0.0');
    await host.do('pin', 'v1.0.0');
    await host.do('pin', 'v1.0.0', '--remove');
    const version = 'v1.0.0';
    const release = { version, manifestSha256: await manifestSha256(shop.store, version) };
    const done = (await told(host)).filter(([, outcome]) => outcome === 'done').slice(2);
    expect(done).toEqual([
      ['fetch', 'done', release],
      ['mount', 'done', { ...release, deployment: 1 }],
      ['unmount', 'done', { version }],
      ['pin', 'done', { version }],
      ['unpin', 'done', { version }],
    ]);
    await expectWhole(host);
  });

  shopTest('is missed by the records of deployments, when it is cut with its head', async ({ host }) => {
    await host.do('deploy', 'v1.0.0');
    const { trail, head } = trailPathsOf(host.layout);
    const [text, stored] = await Promise.all([readFile(trail, 'utf8'), readFile(head, 'utf8')]);
    await host.do('upgrade', 'v1.1.0');
    await Promise.all([writeFile(trail, text), writeFile(head, stored)]);
    const { exitCode, stdout } = await host.run(['audit', 'verify']);
    expect(exitCode).toBe(5);
    expect(stdout).toContain('the record of deployment 2 knows entry');
  });

  shopTest('tells what was refused, and why', async ({ host, shop, temporaryDirectory }) => {
    const publisher = await publisherOf(shop, temporaryDirectory);
    await followStable(host, publisher.url);
    const honest = await publisher.channel({ sequence: 5 });
    await publisher.publish(honest);
    await host.do('receive', 'v1.0.0');
    await writeFile(
      join(publisher.at, 'shop-stable.channel'),
      await strangerSigns(renderChannel({ ...honest, sequence: 6 })),
    );
    expect(await host.run(['deploy'])).toMatchObject({ exitCode: 5 });
    expect(await host.run(['receive', 'v1.2.0'])).toMatchObject({ exitCode: 5 });
    const untrusted = 'refused RELEASE_UNTRUSTED';
    expect((await told(host)).slice(2)).toEqual([
      ['channel-accepted', 'done', expect.objectContaining({ channel: 'stable', sequence: 5 })],
      ['receive', 'begun', expect.objectContaining({ version: 'v1.0.0' })],
      ['receive', 'done', expect.objectContaining({ version: 'v1.0.0' })],
      ['channel-refused', untrusted, { channel: 'stable' }],
      ['refusal', untrusted, { command: 'deploy' }],
      ['channel-refused', untrusted, { channel: 'stable' }],
      ['receive', untrusted, { version: 'v1.2.0' }],
    ]);
    await expectWhole(host);
  });

  shopTest('tells whose keys an operator added and removed', async ({ host, shop, temporaryDirectory }) => {
    const publisher = await publisherOf(shop, temporaryDirectory);
    const other = await publisher.makeKey('other');
    await host.do('keys', 'add', await publisher.exportKey(other));
    await host.do('keys', 'remove', other);
    expect((await told(host)).slice(2)).toEqual([
      ['key-added', 'done', { fingerprint: other }],
      ['key-removed', 'done', { fingerprint: other }],
    ]);
    expect((await entriesOf(host))[1]?.details).toMatchObject({ keys: [publisher.key] });
    await expectWhole(host);
  });

  shopTest('tells what was taken without a signature', async ({ host }) => {
    await host.do('receive', 'v1.0.0');
    // As if it had been received with plain tools.
    await rm(host.layout.versionRecord('v1.0.0'));
    const elsewhere = ['--store', `dir:${host.layout.cache}`];
    expect(await host.run(['deploy', 'v1.0.0', ...elsewhere])).toMatchObject({ exitCode: 5 });
    await host.do('deploy', 'v1.0.0', ...elsewhere, '--allow-unsigned');
    expect((await told(host)).slice(4)).toEqual([
      ['deploy', 'refused RECEIVE_UNSIGNED', { version: 'v1.0.0' }],
      ['deploy', 'begun', { version: 'v1.0.0' }],
      ['override', 'done', { option: '--allow-unsigned', version: 'v1.0.0' }],
      ['deploy', 'done', { version: 'v1.0.0', deployment: 1 }],
    ]);
    await expectWhole(host);
  });

  shopTest('tells that an interrupted command was put right, before the next one', async ({ host }) => {
    await host.do('receive', 'v1.0.0');
    const interrupted = {
      kind: 'receiving',
      version: 'v1.3.0',
      incoming: '.incoming-0123456789abcdef',
      newestIdBefore: 1_000_000,
    } as const;
    await writeIntent(host.layout, interrupted, new Date());
    await host.do('recover');
    await writeIntent(host.layout, interrupted, new Date());
    await host.do('pin', 'v1.0.0');
    expect((await told(host)).slice(4)).toEqual([
      ['recover', 'begun', {}],
      ['recover', 'done', {}],
      ['recover', 'done', {}],
      ['pin', 'begun', { version: 'v1.0.0' }],
      ['pin', 'done', { version: 'v1.0.0' }],
    ]);
    await expectWhole(host);
  });
});

async function entriesOf(host: TargetHost): Promise<readonly AuditEntry[]> {
  return (JSON.parse(await host.do('audit', 'show', '--json')) as { entries: AuditEntry[] }).entries;
}

/** Event, outcome and subject of every line. */
async function told(host: TargetHost) {
  return (await entriesOf(host)).map(({ event, outcome, subject }) => {
    const code = typeof outcome['code'] === 'string' ? ` ${outcome['code']}` : '';
    return [event, `${outcome.kind}${code}`, subject] as const;
  });
}

/** Nothing was changed, and `status` tells the end that `audit verify` finds. */
async function expectWhole(host: TargetHost): Promise<void> {
  const { ok, head } = JSON.parse(await host.do('audit', 'verify', '--json')) as { ok: boolean; head: unknown };
  expect({ ok, head }).toEqual({ ok: true, head: (await host.status()).audit });
}

async function manifestSha256(store: string, version: string): Promise<string> {
  const manifest = join(store, version, manifestName('shop', parseVersion(version)));
  return createHash('sha256')
    .update(await readFile(manifest))
    .digest('hex');
}

import { appendFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemRunner } from '@goldstream/system';
import { CAPABILITIES, cli, directoryTest, requireOrSkip } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { appendEvent, type TrailSite } from '../src/audit/append-event.ts';
import { trailSiteOf } from '../src/audit/trail-site.ts';
import { appendPins, linesOf, pinOf, verdictOn } from './audit-trails.ts';
import { demandDone } from './demand-done.ts';
import { RECEIVER, type TargetHost, targetHost } from './target-host.ts';

/** `test` with a host that has a state directory and a trail of four entries. */
const auditTest = directoryTest.extend<{ host: TargetHost; site: TrailSite }>({
  host: async ({ skip, temporaryDirectory }, use) => {
    await requireOrSkip(skip, [CAPABILITIES.root]);
    const host = await targetHost(join(temporaryDirectory, 'host'), 'app');
    await mkdir(host.layout.state, { recursive: true });
    await use(host);
  },
  site: async ({ host }, use) => {
    const site = trailSiteOf(host.layout, () => new Date('2026-11-22T07:00:00Z'));
    await appendPins(site, 2);
    const refused = { kind: 'refused', code: 'RELEASE_UNTRUSTED' } as const;
    const details = { because: 'nobody\u001b[2J signed it' };
    await appendEvent(site, { event: 'refusal', subject: { command: 'deploy' }, outcome: refused, details });
    await use(site);
  },
});

describe('audit show', () => {
  auditTest('shows what happened, to people and to programs', async ({ host, site: _ }) => {
    const shown = await host.do('audit', 'show');
    expect(shown).toMatch(/NUMBER +TIME +WHO +EVENT +OUTCOME +ABOUT\n +1 +2026-11-22T07:00:00Z .* genesis/);
    expect(shown).toMatch(/refusal +refused RELEASE_UNTRUSTED +command=deploy because=nobody/);
    expect(shown).not.toContain('\u001b');
    const { entries, unreadable } = JSON.parse(await host.do('audit', 'show', '--json'));
    expect([entries.length, unreadable]).toEqual([4, []]);
  });

  auditTest('shows the newest, those of a kind, and those since a time', async ({ host, site: _ }) => {
    const numbers = async (...words: readonly string[]) =>
      JSON.parse(await host.do('audit', 'show', '--json', ...words)).entries.map(
        ({ number }: { number: number }) => number,
      );
    expect(await numbers('-n', '2')).toEqual([3, 4]);
    expect(await numbers('--kind', 'pin', '--kind', 'genesis')).toEqual([1, 2, 3]);
    expect(await numbers('--since', '2026-11-22T07:00Z')).toEqual([1, 2, 3, 4]);
    expect(await numbers('--since', '2026-11-23')).toEqual([]);
    expect(await host.run(['audit', 'show', '--since', 'yesterday'])).toMatchObject({ exitCode: 2 });
  });

  auditTest('shows nothing where nothing was recorded', async ({ host }) => {
    expect(await host.do('audit', 'show')).toBe('no such entries\n');
    expect(await host.do('audit', 'verify')).toContain('0 entries');
    expect(await host.run(['audit', 'export', '--json'])).toMatchObject({
      exitCode: 8,
      stdout: expect.stringContaining('AUDIT_NO_TRAIL'),
    });
  });

  auditTest('shows what can be read of a damaged trail, and says what cannot', async ({ host, site }) => {
    const lines = await linesOf(site);
    await writeFile(site.trail, lines.with(1, '{"number":2}\n').join(''));
    const { exitCode, stdout } = await host.run(['audit', 'show']);
    expect(exitCode).toBe(5);
    expect(stdout).toContain('line 2 is no entry');
    expect(stdout).toContain('genesis');
  });
});

describe('audit verify', () => {
  auditTest('says that nothing was changed, and where the trail ends', async ({ host, site }) => {
    const { number, sha256 } = JSON.parse(await readFile(site.head, 'utf8'));
    expect(await host.do('audit', 'verify')).toBe(
      `4 entries, head ${number}:${sha256}\nevery line is as it was written\n`,
    );
    expect(await host.do('audit', 'verify', '--head', `${number}:${sha256}`)).toContain('4 entries');
  });

  auditTest.for([
    ['a changed byte', 2, (lines: string[]) => lines.with(1, (lines[1] ?? '').replace('v1.0.0', 'v9.0.0'))],
    ['a removed line', 1, (lines: string[]) => lines.toSpliced(1, 1)],
    ['an inserted line', 3, (lines: string[]) => lines.toSpliced(2, 0, lines[0] ?? '')],
    ['lines that changed places', 3, (lines: string[]) => lines.with(1, lines[2] ?? '').with(2, lines[1] ?? '')],
    ['a cut between lines', 3, (lines: string[]) => lines.slice(0, 3)],
    ['a cut in a line', 4, (lines: string[]) => lines.with(3, (lines[3] ?? '').slice(0, 50))],
  ] as const)('finds %s and names the line', async ([, line, spoil], { host, site }) => {
    await writeFile(site.trail, spoil((await linesOf(site)).filter((text) => text !== '')).join(''));
    const { exitCode, stdout } = await host.run(['audit', 'verify', '--json']);
    expect(exitCode).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      findings: expect.arrayContaining([expect.objectContaining({ line })]),
    });
    expect((await host.run(['audit', 'verify'])).stdout).toContain('the trail is NOT as it was written');
  });

  auditTest('finds a trail that was cut short with its head, by a head that was noted', async ({ host, site }) => {
    const noted = JSON.parse(await readFile(site.head, 'utf8'));
    await rm(site.trail);
    await rm(site.head);
    await appendPins(site, 5);
    expect(await host.run(['audit', 'verify'])).toMatchObject({ exitCode: 0 });
    const { exitCode, stdout } = await host.run(['audit', 'verify', '--head', `${noted.number}:${noted.sha256}`]);
    expect([exitCode, stdout]).toEqual([5, expect.stringContaining('--head knows entry 4')]);
  });

  auditTest('refuses what is no file, and takes anything that is one', async ({ host, site, temporaryDirectory }) => {
    const file = join(temporaryDirectory, 'file');
    for (const content of ['', '\0'.repeat(9000), `${'['.repeat(90_000)}\n`, Buffer.from([0xff, 0x0a])]) {
      await writeFile(file, content);
      expect((await host.run(['audit', 'verify', '--file', file])).exitCode).toBe(content === '' ? 0 : 5);
    }
    await systemRunner.run(['mkfifo', join(temporaryDirectory, 'fifo')]);
    for (const name of ['.', 'nowhere', 'fifo']) {
      expect(await host.run(['audit', 'verify', '--json', '--file', join(temporaryDirectory, name)])).toMatchObject({
        exitCode: 8,
        stdout: expect.stringContaining('AUDIT_UNREADABLE'),
      });
    }
    await rm(site.trail);
    await mkdir(site.trail);
    expect(await host.run(['audit', 'show'])).toMatchObject({ exitCode: 8 });
  });
});

describe('audit export', () => {
  auditTest(
    'copies the trail byte for byte, and it is verified elsewhere',
    async ({ host, site, temporaryDirectory }) => {
      const out = join(temporaryDirectory, 'out.jsonl');
      const { stdout, stderr } = await host.run(['audit', 'export']);
      expect(stdout).toBe(await readFile(site.trail, 'utf8'));
      const [, head = ''] = /4 entries of the audit trail are exported, head (4:[0-9a-f]{64})/.exec(stderr) ?? [];
      demandDone(await host.run(['audit', 'export', '--out', out]));
      expect(await readFile(out)).toEqual(await readFile(site.trail));
      expect((await stat(out)).mode & 0o777).toBe(0o600);

      const elsewhere = [
        '--app',
        'app',
        '--root',
        temporaryDirectory,
        'audit',
        'verify',
        '--file',
        out,
        '--head',
        head,
      ];
      expect(await RECEIVER.run(elsewhere)).toMatchObject({ exitCode: 0 });
      await writeFile(out, (await linesOf(site)).slice(0, 3).join(''));
      expect(await RECEIVER.run(elsewhere)).toMatchObject({ exitCode: 5 });
      // What is there is not replaced.
      expect(await host.run(['audit', 'export', '--out', out])).toMatchObject({ exitCode: 8 });
    },
  );
});

describe('the trail', () => {
  auditTest('verifies after its writer was killed at any moment, and holds all that was told', async ({ host }) => {
    const site = trailSiteOf(host.layout, () => new Date());
    for (let round = 1; round <= 6; round += 1) {
      const told = await appendUntilKilled(host.layout.state, round * 3);
      const { ok, head } = await verdictOn(site);
      expect(ok).toBe(true);
      expect(head.number).toBeGreaterThanOrEqual(told);
    }
    await appendEvent(site, pinOf(0));
    expect(await verdictOn(site)).toMatchObject({ ok: true, unfinished: false });
  });

  auditTest('is read whole while somebody appends to it', async ({ host }) => {
    const site = trailSiteOf(host.layout, () => new Date());
    let writes = true;
    const writer = (async () => {
      try {
        await appendPins(site, 60);
      } finally {
        writes = false;
      }
    })();
    while (writes) expect(await verdictOn(site)).toMatchObject({ ok: true, findings: [] });
    await writer;
    await appendFile(site.trail, 'more');
    expect(await verdictOn(site)).toMatchObject({ ok: false });
  });
});

/** Kills the appender at its n-th word, while it goes on with the next entry; returns the last number it told. */
async function appendUntilKilled(directory: string, words: number): Promise<number> {
  const appender = cli(fileURLToPath(new URL('./audit-appender.ts', import.meta.url)));
  const child = systemRunner.spawn(appender.command([directory]), { stdout: 'pipe' });
  let last = 0;
  if (child.stdout === undefined) throw new RangeError('a pipe was asked for');
  let left = words;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    left -= 1;
    if (left === 0) child.kill('SIGKILL');
  }
  await expect(child.ended).rejects.toMatchObject({ code: 'TOOL_FAILED' });
  return last;
}

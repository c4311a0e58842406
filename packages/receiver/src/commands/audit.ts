import { CliError, plannedCommand, query } from '@goldstream/cli';
import { EXIT_CODES } from '@goldstream/errors';
import { demandRoot, journalFor } from '@goldstream/system';
import { exportTrail, gatherExport } from '../audit/export-trail.ts';
import { lookAtFile, lookAtTrail } from '../audit/look-at-trail.ts';
import { gatherOtherHeads } from '../audit/other-heads.ts';
import { planExport } from '../audit/plan-export.ts';
import { renderEntries } from '../audit/render-entries.ts';
import { renderVerdict } from '../audit/render-verdict.ts';
import { tellEntries } from '../audit/tell-entries.ts';
import { trailPathsOf } from '../audit/trail-site.ts';
import { type OtherHead, verifyTrail } from '../audit/verify-trail.ts';
import type { Tools } from '../host/tools.ts';
import { demandPrepared } from '../prepare/demand-ready.ts';

export const auditShow = query({
  name: 'show',
  summary: 'Show what was done on this host, by whom, and how it ended',
  examples: ['goldstream-receiver audit show -n 20', 'goldstream-receiver audit show --since 7d --kind deploy --json'],
  options: {
    since: {
      type: 'parsed',
      parse: parseSince,
      placeholder: 'time',
      summary: '2026-11-22, 2026-11-22T07:00Z, 36h, 7d',
    },
    kind: { type: 'string', repeatable: true, summary: 'only events of this kind: deploy, refusal, …' },
    lines: { type: 'integer', min: 1, max: 1_000_000, short: 'n', summary: 'only so many, the newest' },
  },
  answer: async ({ since, kind, lines }, { layout, now }: Tools) => {
    demandRoot();
    await demandPrepared(layout);
    return tellEntries(trailPathsOf(layout).trail, { since: since?.(now()), kinds: kind, newest: lines });
  },
  render: renderEntries,
  exitCode: ({ unreadable }) => (unreadable.length === 0 ? 0 : EXIT_CODES.trust),
});

export const auditVerify = query({
  name: 'verify',
  summary: 'Find what was changed, removed, inserted or cut off the audit trail',
  examples: [
    'goldstream-receiver audit verify',
    'goldstream-receiver --app op-dbus audit verify --file op-dbus.jsonl --head 42:9f86d081884c7d659a2feaa0c55ad015…',
  ],
  options: {
    file: { type: 'string', placeholder: 'file', summary: 'an exported trail instead of the one of this host' },
    head: {
      type: 'parsed',
      parse: parseHead,
      placeholder: 'number:sha256',
      repeatable: true,
      summary: 'an entry that must be there, as verify or export told it once',
    },
  },
  answer: async ({ file, head }, { layout, runner }: Tools) => {
    if (file !== undefined) return verifyTrail(await lookAtFile(file, head));
    demandRoot();
    await demandPrepared(layout);
    const others = await gatherOtherHeads(journalFor(runner, layout.root), layout);
    return verifyTrail(await lookAtTrail(trailPathsOf(layout), [...others, ...head]));
  },
  render: renderVerdict,
  exitCode: ({ ok }) => (ok ? 0 : EXIT_CODES.trust),
});

export const auditExport = plannedCommand({
  name: 'export',
  summary: 'Copy the audit trail as it is, to be kept and verified elsewhere',
  examples: [
    'goldstream-receiver audit export --out op-dbus.jsonl',
    'goldstream-receiver audit export > op-dbus.jsonl',
  ],
  options: { out: { type: 'string', placeholder: 'file', summary: 'where to; default: standard output', short: 'o' } },
  plan: async ({ out }, { layout }: Tools) => {
    demandRoot();
    await demandPrepared(layout);
    return planExport(await gatherExport(trailPathsOf(layout).trail), out);
  },
  handlers: () => ({ 'export-trail': (step) => exportTrail(step, process.stdout) }),
  result: async ({ out }) => ({ file: out }),
  // The trail itself went to standard output when no file was named.
  render: ({ file }) => (file === undefined ? '' : `${file} written\n`),
});

const MILLISECONDS: ReadonlyMap<string, number> = new Map([
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** A moment, or how long before now. */
function parseSince(text: string): (now: Date) => Date {
  const [, digits = '', unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const ago = Number(digits) * (MILLISECONDS.get(unit) ?? Number.NaN);
  if (ago >= 0) return (now) => new Date(now.getTime() - ago);
  const moment = /^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/.test(text) ? new Date(text) : undefined;
  if (moment === undefined || Number.isNaN(moment.getTime())) {
    throw new CliError(
      'CLI_USAGE',
      `expected 2026-11-22, 2026-11-22T07:00Z (UTC), 36h or 7d, found ${JSON.stringify(text)}`,
    );
  }
  return () => moment;
}

function parseHead(text: string): OtherHead {
  const [, number = '', sha256 = ''] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sha256 === '')
    throw new CliError('CLI_USAGE', 'expected NUMBER:SHA256, as audit verify and audit export tell it');
  return { where: '--head', number: Number(number), sha256 };
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Status } from '../status/status.ts';
import type { Metric } from './metric.ts';
import { renderExposition } from './render-exposition.ts';
import { tellMetrics } from './tell-metrics.ts';

const EMPTY: Status = {
  application: 'op-dbus',
  pool: { path: '/var/lib/op-dbus', total: 1000, used: 100, free: 800 },
  active: null,
  previous: null,
  onTrial: null,
  others: [],
  versions: [],
  pins: [],
  blocked: [],
  trust: { keys: 0, channel: null },
  audit: null,
  attention: [],
};
// Versions are text that was parsed elsewhere.
const v = (text: string) => text as NonNullable<Status['active']>['version'];
const deployment = {
  number: 7,
  version: v('v1.3.0'),
  state: 'good',
  since: '2026-11-22T03:12:59.500Z',
  mounted: true,
} as const;
const version = {
  how: 'full',
  receivedAt: '2026-11-22T03:00:00Z',
  signed: true,
  pinned: false,
  drift: null,
  deep: null,
};
const BUSY: Status = {
  ...EMPTY,
  active: deployment,
  previous: { ...deployment, number: 6, version: v('v1.2.9'), mounted: false },
  versions: [
    { ...version, version: v('v1.3.0'), deep: { at: '2026-11-22T04:00:00Z', ok: true, contentDigest: 'sha256:0' } },
    { ...version, version: v('v1.2.9'), signed: false, drift: 'is writable, expected read-only' },
  ],
  trust: {
    keys: 2,
    channel: {
      name: 'stable',
      accepted: {
        epoch: 0,
        sequence: 12,
        current: v('v1.4.0'),
        expires: '2026-12-01T00:00:00Z',
        secondsLeft: 5,
        checkedAt: '2026-11-22T04:00:00Z',
      },
    },
  },
  audit: { number: 42, sha256: 'a'.repeat(64) },
  attention: ['look at "this"\n'],
};

describe('metrics', () => {
  it('tell of a busy host what is to be watched', () => {
    expect(
      renderExposition(tellMetrics(BUSY, '0.1.0'))
        .replaceAll(/^# HELP .*\n/gm, '')
        .replaceAll(/^# TYPE .*\n/gm, ''),
    ).toMatchInlineSnapshot(`
      "goldstream_receiver_info{app="op-dbus",version="0.1.0"} 1
      goldstream_attention{app="op-dbus"} 1
      goldstream_deployment_info{app="op-dbus",role="active",deployment="7",version="v1.3.0",state="good"} 1
      goldstream_deployment_info{app="op-dbus",role="previous",deployment="6",version="v1.2.9",state="good"} 1
      goldstream_active_mounted{app="op-dbus"} 1
      goldstream_active_since_timestamp_seconds{app="op-dbus"} 1795317179.5
      goldstream_on_trial{app="op-dbus"} 0
      goldstream_versions{app="op-dbus"} 2
      goldstream_versions_blocked{app="op-dbus"} 0
      goldstream_versions_pinned{app="op-dbus"} 0
      goldstream_version_signed{app="op-dbus",version="v1.3.0"} 1
      goldstream_version_signed{app="op-dbus",version="v1.2.9"} 0
      goldstream_version_drifted{app="op-dbus",version="v1.3.0"} 0
      goldstream_version_drifted{app="op-dbus",version="v1.2.9"} 1
      goldstream_version_verified_ok{app="op-dbus",version="v1.3.0"} 1
      goldstream_version_verified_timestamp_seconds{app="op-dbus",version="v1.3.0"} 1795320000
      goldstream_pool_size_bytes{app="op-dbus"} 1000
      goldstream_pool_used_bytes{app="op-dbus"} 100
      goldstream_pool_free_bytes{app="op-dbus"} 800
      goldstream_keys_document{app="op-dbus"} 2
      goldstream_channel_info{app="op-dbus",channel="stable",current="v1.4.0"} 1
      goldstream_channel_accepted{app="op-dbus"} 1
      goldstream_channel_sequence{app="op-dbus"} 12
      goldstream_channel_expires_timestamp_seconds{app="op-dbus"} 1796083200
      goldstream_channel_checked_timestamp_seconds{app="op-dbus"} 1795320000
      goldstream_channel_followed{app="op-dbus"} 0
      goldstream_audit_entries{app="op-dbus"} 42
      "
    `);
  });

  it('leave out what is not there, and say 0 where that is an answer', () => {
    const text = renderExposition(tellMetrics(EMPTY, '0.1.0'));
    expect(text).toContain('goldstream_active_mounted{app="op-dbus"} 0\n');
    for (const absent of ['deployment_info', 'active_since', 'channel', 'version_', 'audit']) {
      expect(text).not.toContain(`goldstream_${absent}`);
    }
  });

  it('are named and described as Prometheus wants it', () => {
    const told = [...tellMetrics(BUSY, '0.1.0'), ...tellMetrics(EMPTY, '0.1.0')];
    for (const { name, help } of told) {
      expect(name).toMatch(/^goldstream_[a-z]+(?:_[a-z]+)*$/);
      // Endings that mean a counter or a part of a histogram, and abbreviated units.
      expect(name).not.toMatch(/_(?:total|sum|count|bucket|ms|milliseconds|kb|mb|gb)$/);
      expect(help).toMatch(/^[A-Z].*\.$/s);
    }
    expect(new Set(tellMetrics(BUSY, '0.1.0').map(({ name }) => name)).size).toBe(tellMetrics(BUSY, '0.1.0').length);
  });

  it('are in the text format, whatever is in labels and help', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '_'), minLength: 1, maxLength: 4 });
    const metric = fc.record({
      name,
      help: fc.string({ unit: 'binary', maxLength: 12 }),
      samples: fc.array(
        fc.record({
          labels: fc.dictionary(name, fc.string({ unit: 'binary', maxLength: 12 }), {
            noNullPrototype: true,
            maxKeys: 3,
          }),
          value: fc.integer(),
        }),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(fc.uniqueArray(metric, { selector: (one) => one.name, maxLength: 4 }), (metrics) => {
        expect(parseExposition(renderExposition(metrics))).toEqual(metrics.filter(({ samples }) => samples.length > 0));
      }),
    );
  });
});

/** A strict reader of the format, made from its description: it takes nothing but what that says. */
function parseExposition(text: string): readonly Metric[] {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end');
  const metrics: { name: string; help: string; samples: Metric['samples'][number][] }[] = [];
  const lines = text.split('\n').slice(0, -1);
  while (lines.length > 0) {
    const [, name = '', help = ''] = demand(
      /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) ((?:[^\\]|\\[\\n])*)$/su,
      lines.shift(),
    );
    demand(new RegExp(`^# TYPE ${name} gauge$`), lines.shift());
    const metric = { name, help: plain(help), samples: [] as Metric['samples'][number][] };
    while (lines[0] !== undefined && !lines[0].startsWith('#'))
      metric.samples.push(parseSample(name, lines.shift() ?? ''));
    metrics.push(metric);
  }
  return metrics;
}

function parseSample(name: string, line: string): Metric['samples'][number] {
  const [, labels = '', value] = demand(new RegExp(`^${name}(?:\\{(.*)\\})? (-?\\d+(?:\\.\\d+)?)$`, 'su'), line);
  const found: Record<string, string> = {};
  for (let rest = labels; rest !== ''; ) {
    const [whole, label = '', text = ''] = demand(
      /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(?:,(?=.)|$)/su,
      rest,
    );
    found[label] = plain(text);
    rest = rest.slice(whole.length);
  }
  return { labels: found, value: Number(value) };
}

function demand(pattern: RegExp, text: string | undefined): RegExpExecArray {
  const match = pattern.exec(text ?? '');
  if (match === null) throw new Error(`${JSON.stringify(text)} is not of the format`);
  return match;
}

function plain(text: string): string {
  return text.replaceAll(/\\(.)/gs, (_, character: string) => (character === 'n' ? '\n' : character));
}

import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANNEL_BYTES_LIMIT, type Channel } from './channel.ts';
import { parseChannel } from './parse-channel.ts';
import { renderChannel } from './render-channel.ts';
import { compareVersions, parseVersion, type Version } from './version.ts';

const FIXTURES = new URL('../../../fixtures/release/channel/', import.meta.url);
const fixture = (name: string) => readFileSync(new URL(`${name}.json`, FIXTURES));
const encode = (text: string) => new TextEncoder().encode(text);
const full = parseChannel(fixture('full'));

/** For each malformed file: the JSON path that the error names, or `undefined` where the text itself is refused. */
const MALFORMED: Record<string, string | undefined> = {
  'format-missing': 'formatVersion',
  'format-number': 'formatVersion',
  'application-with-slash': 'application',
  'application-too-long': 'application',
  'channel-with-dash': 'channel',
  'channel-with-path': 'channel',
  'channel-with-newline': 'channel',
  'epoch-negative': 'epoch',
  'epoch-above-keys': 'epoch',
  'sequence-zero': 'sequence',
  'sequence-beyond-2-to-the-53': 'sequence',
  'sequence-text': 'sequence',
  'sequence-half': 'sequence',
  'issued-with-zone': 'issued',
  'issued-with-fraction': 'issued',
  'issued-no-such-day': 'issued',
  'issued-number': 'issued',
  'expires-before-issued': 'expires',
  'expires-when-issued': 'expires',
  'expires-in-ten-years': 'expires',
  'expires-missing': 'expires',
  'current-not-offered': 'current',
  'current-latest': 'current',
  'rollout-without-start': 'rollout.start',
  'rollout-negative': 'rollout.percentage',
  'rollout-above-hundred': 'rollout.percentage',
  'rollout-for-ever': 'rollout.seconds',
  'releases-empty': 'releases',
  'releases-object': 'releases',
  'release-twice': 'releases',
  'releases-out-of-order': 'releases',
  'release-digest-in-capitals': 'releases[0].manifestSha256',
  'release-digest-short': 'releases[0].manifestSha256',
  'release-digest-missing': 'releases[0].manifestSha256',
  'release-version-without-v': 'releases[0].version',
  'release-version-with-build': 'releases[0].version',
  'release-version-with-path': 'releases[0].version',
  'releases-too-many': 'releases',
  'barrier-not-offered': 'barriers[0]',
  'barrier-without-reason': 'barriers[0].reason',
  'withdrawn-and-offered': 'withdrawn[0]',
  'withdrawn-reason-empty': 'withdrawn[0].reason',
  'withdrawn-reason-with-escape': 'withdrawn[0].reason',
  'withdrawn-reason-right-to-left': 'withdrawn[0].reason',
  'withdrawn-reason-long': 'withdrawn[0].reason',
  'downgrade-from-current': 'downgrade.from',
  'downgrade-without-reason': 'downgrade.reason',
  'keys-number-zero': 'keys.number',
  'keys-without-digest': 'keys.sha256',
  empty: undefined,
  list: undefined,
  'cut-off': undefined,
  'second-document': undefined,
  'byte-after-the-end': undefined,
  'no-newline': undefined,
  'byte-order-mark': undefined,
  'key-twice': undefined,
  'proto-key-twice': undefined,
  'number-not-exact': undefined,
  'number-in-other-spelling': undefined,
  'indented-otherwise': undefined,
  'blank-at-end-of-line': undefined,
  'windows-line-ends': undefined,
  'not-utf-8': undefined,
  'escape-without-need': undefined,
  'deep-nesting': undefined,
};

describe('parseChannel', () => {
  it.each(['full', 'minimal'])('reads and writes the same bytes: %s', (name) => {
    expect(renderChannel(parseChannel(fixture(name)))).toBe(fixture(name).toString());
  });

  it('has a row for every malformed file', () => {
    const names = readdirSync(new URL('malformed/', FIXTURES)).map((name) => name.replace('.json', ''));
    expect(names.sort()).toEqual(Object.keys(MALFORMED).sort());
  });

  it.each(Object.entries(MALFORMED))('refuses %s', (name, where) => {
    expect(() => parseChannel(fixture(`malformed/${name}`))).toThrow(
      expect.objectContaining({
        code: 'RELEASE_BAD_CHANNEL',
        exitCode: 4,
        message: expect.stringContaining(where === undefined ? 'channel: ' : ` ${where}: `),
      }),
    );
  });

  it('refuses a format of another major version, before any other complaint', () => {
    expect(() => parseChannel(encode('{\n  "formatVersion": "2.0"\n}\n'))).toThrow(
      expect.objectContaining({ code: 'RELEASE_FORMAT_UNKNOWN', exitCode: 4 }),
    );
  });

  it('drops fields that a later minor version added', () => {
    const later = { ...JSON.parse(fixture('full').toString()), formatVersion: '1.7', shine: ['bright'] };
    expect(parseChannel(encode(`${JSON.stringify(later, null, 2)}\n`))).toEqual({ ...full, formatVersion: '1.7' });
  });

  it('refuses a document beyond the limit without reading it', () => {
    expect(() => parseChannel(new Uint8Array(CHANNEL_BYTES_LIMIT + 1))).toThrow('expected at most 1048576');
  });

  it('throws nothing but its own error, whatever the bytes', () => {
    const bytes = Uint8Array.from(fixture('full'));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const hostile = bytes.slice();
        hostile[at] = value;
        try {
          parseChannel(hostile);
        } catch (error) {
          expect(error).toMatchObject({ category: 'input' });
        }
      }),
    );
  });
});

describe('renderChannel', () => {
  it('sorts what stands in no order, and keys of any order', () => {
    const shuffled = { ...Object.fromEntries(Object.entries(full).reverse()), releases: full.releases.toReversed() };
    // Another order of keys does not change the type.
    expect(renderChannel(shuffled as unknown as Channel)).toBe(renderChannel(full));
  });

  it('writes nothing that hosts would refuse', () => {
    expect(() => renderChannel({ ...full, current: 'v9.0.0' })).toThrow(
      expect.objectContaining({ code: 'RELEASE_BAD_CHANNEL' }),
    );
  });

  it('writes no line that a clear signature would change: none ends in a blank, none is too long for gpg', () => {
    fc.assert(
      fc.property(anyChannel, (channel) => {
        for (const line of renderChannel(channel).split('\n')) {
          expect(line).not.toMatch(/\s$/);
          expect(line.length).toBeLessThan(19_995);
        }
      }),
    );
  });

  it('is read back as the same value, and written again as the same bytes', () => {
    fc.assert(
      fc.property(anyChannel, (channel) => {
        const text = renderChannel(channel);
        expect(parseChannel(encode(text))).toEqual(channel);
        expect(renderChannel(parseChannel(encode(text)))).toBe(text);
      }),
    );
  });
});

const digest = fc.constantFrom('0', '7', 'f').map((digit) => digit.repeat(64));
const reason = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => /^\P{C}+$/u.test(text));
const version = fc
  .tuple(fc.nat(9), fc.nat(9), fc.constantFrom('', '-rc.1', '-rc.2'))
  .map(([major, minor, pre]) => parseVersion(`v${major}.${minor}.0${pre}`));
const time = fc.integer({ min: 1_800_000_000, max: 1_900_000_000 });
const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

/** Any channel that could be signed. */
const anyChannel: fc.Arbitrary<Channel> = fc
  .record({
    versions: fc.uniqueArray(version, { minLength: 1, maxLength: 8 }),
    offered: fc.integer({ min: 1, max: 8 }),
    current: fc.nat(7),
    barriers: fc.nat(3),
    digest,
    reason,
    issued: time,
    seconds: fc.integer({ min: 1, max: 366 * 86_400 }),
    epoch: fc.nat(3),
    sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    rollout: fc.option(fc.record({ start: time.map(iso), seconds: fc.nat(86_400), percentage: fc.nat(100) }), {
      nil: undefined,
    }),
  })
  .map(({ versions, reason, digest, issued, seconds, epoch, rollout, sequence, ...pick }) => {
    const sorted = (some: readonly Version[]) => some.toSorted(compareVersions);
    const offered = sorted(versions.slice(0, pick.offered));
    const current = offered[pick.current % offered.length] ?? 'v1.0.0';
    return {
      formatVersion: '1.0',
      application: 'op-dbus',
      channel: 'stable',
      epoch,
      sequence,
      issued: iso(issued),
      expires: iso(issued + seconds),
      current,
      ...(rollout && { rollout }),
      releases: offered.map((version) => ({ version, manifestSha256: digest })),
      barriers: offered.slice(0, pick.barriers).map((version) => ({ version, reason })),
      withdrawn: sorted(versions.slice(pick.offered)).map((version) => ({ version, reason })),
      ...(compareVersions(current, 'v10.0.0') < 0 && { downgrade: { from: 'v10.0.0' as const, reason } }),
      ...(epoch > 0 && { keys: { number: epoch, sha256: digest } }),
    };
  });

import type { TrustEvent } from '@goldstream/release';
import { directoryTest } from '@goldstream/testing';
import { expect } from 'vitest';
import { linesOf, trailSite, verdictOn } from '../../test/audit-trails.ts';
import { appendEvent } from './append-event.ts';
import { eventOfTrust } from './event-of-trust.ts';

const EVENTS: readonly TrustEvent[] = [
  { kind: 'clock-behind', clock: '1970-01-01T00:00:09Z', assumed: '2026-01-01T00:00:00Z' },
  { kind: 'new-epoch', from: 0, to: 2 },
  { kind: 'downgrade', from: 'v2.0.0', to: 'v1.0.0', reason: 'v2.0.0 loses data' },
  { kind: 'keys-changed', number: 2, reason: 'yearly rotation' },
  { kind: 'key-added', fingerprint: 'A'.repeat(40) },
  { kind: 'key-retired', fingerprint: 'B'.repeat(40) },
  { kind: 'key-withdrawn', fingerprint: 'C'.repeat(40), reason: 'stolen' },
];

directoryTest('what a channel or keys document meant is told under its own name', async ({ temporaryDirectory }) => {
  const site = trailSite(temporaryDirectory);
  for (const event of EVENTS) await appendEvent(site, eventOfTrust(event, 'stable'));
  const told = (await linesOf(site)).slice(1).map((line) => JSON.parse(line));
  expect(told.map(({ event }) => event)).toEqual(EVENTS.map(({ kind }) => kind));
  expect(told.map(({ details }) => details?.reason)).toEqual(
    EVENTS.map((event) => ('reason' in event ? event.reason : undefined)),
  );
  expect(told[2].subject).toEqual({ channel: 'stable', from: 'v2.0.0', version: 'v1.0.0' });
  expect(await verdictOn(site)).toMatchObject({ ok: true, entries: 1 + EVENTS.length });
});

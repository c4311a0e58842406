import { parseVersion } from '@goldstream/release';
import { describe, expect, it } from 'vitest';
import type { TrustNews } from '../trust/trust-news.ts';
import { subjectSchemaOf } from './event.ts';
import { eventOfNews } from './event-of-news.ts';

const NEWS: readonly TrustNews[] = [
  { kind: 'trust', channel: 'stable', event: { kind: 'new-epoch', from: 1, to: 2 } },
  { kind: 'channel-accepted', channel: 'stable', epoch: 1, sequence: 7, sha256: 'a'.repeat(64) },
  { kind: 'channel-refused', channel: 'stable', code: 'RELEASE_CHANNEL_EXPIRED', reason: 'expired at noon' },
  { kind: 'unsigned', version: parseVersion('v1.0.0') },
  { kind: 'operator-key', change: 'added', fingerprint: 'A'.repeat(40) },
  { kind: 'operator-key', change: 'removed', fingerprint: 'A'.repeat(40) },
];

describe('eventOfNews', () => {
  it.each(NEWS)('has a subject for $kind as its kind of event demands', (news) => {
    const { event, subject } = eventOfNews(news);
    expect(subjectSchemaOf(event)?.safeParse(subject)).toMatchObject({ success: true });
  });

  it('tells who changed a key, and why a channel was refused', () => {
    expect(NEWS.map(eventOfNews)).toMatchObject([
      { event: 'new-epoch', subject: { channel: 'stable', from: 1, to: 2 } },
      { event: 'channel-accepted', subject: { sequence: 7 }, outcome: { kind: 'done' } },
      { event: 'channel-refused', outcome: { kind: 'refused' }, details: { reason: 'expired at noon' } },
      { event: 'override', subject: { option: '--allow-unsigned', version: 'v1.0.0' } },
      { event: 'key-added', details: { by: 'operator' } },
      { event: 'key-removed', details: { by: 'operator' } },
    ]);
  });
});

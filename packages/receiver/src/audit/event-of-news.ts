import type { TrustNews } from '../trust/trust-news.ts';
import type { AuditEvent } from './event.ts';
import { eventOfTrust } from './event-of-trust.ts';

/** What happened to this host's trust, as the trail tells it. Pure. */
export function eventOfNews(news: TrustNews): AuditEvent {
  const outcome = { kind: 'done' } as const;
  switch (news.kind) {
    case 'trust':
      return eventOfTrust(news.event, news.channel);
    case 'channel-accepted': {
      const { kind: event, ...subject } = news;
      return { event, subject, outcome };
    }
    case 'channel-refused': {
      const { kind: event, channel, code, reason } = news;
      return { event, subject: { channel }, outcome: { kind: 'refused', code }, details: { reason } };
    }
    case 'unsigned':
      return { event: 'override', subject: { option: '--allow-unsigned', version: news.version }, outcome };
    case 'operator-key': {
      const event = news.change === 'added' ? 'key-added' : 'key-removed';
      return { event, subject: { fingerprint: news.fingerprint }, outcome, details: { by: 'operator' } };
    }
  }
}

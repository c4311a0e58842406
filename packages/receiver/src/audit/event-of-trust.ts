import type { TrustEvent } from '@goldstream/release';
import type { AuditEvent } from './event.ts';

/** What an accepted channel or keys document meant, as the trail tells it. Pure. */
export function eventOfTrust(event: TrustEvent, channelName: string | undefined): AuditEvent {
  const outcome = { kind: 'done' } as const;
  const channel = channelName === undefined ? {} : { channel: channelName };
  const details = 'reason' in event ? { details: { reason: event.reason } } : {};
  switch (event.kind) {
    case 'clock-behind':
      return { event: event.kind, subject: { clock: event.clock, assumed: event.assumed }, outcome };
    case 'new-epoch':
      return { event: event.kind, subject: { ...channel, from: event.from, to: event.to }, outcome };
    case 'downgrade':
      return { event: event.kind, subject: { ...channel, from: event.from, version: event.to }, outcome, ...details };
    case 'keys-changed':
      return { event: event.kind, subject: { number: event.number }, outcome, ...details };
    case 'key-added':
    case 'key-retired':
    case 'key-withdrawn':
      return { event: event.kind, subject: { fingerprint: event.fingerprint }, outcome, ...details };
  }
}

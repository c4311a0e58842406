import { CHANNEL_BYTES_LIMIT, type Channel } from './channel.ts';
import { channelSchema } from './channel-schema.ts';
import { parseDocument } from './parse-document.ts';

/**
 * Reads a channel: the bytes that `gpgv --output -` emitted, and no others. Errors name the JSON path.
 *
 * @throws ReleaseError `RELEASE_BAD_CHANNEL`, `RELEASE_FORMAT_UNKNOWN`
 */
export function parseChannel(bytes: Uint8Array): Channel {
  const kind = {
    what: 'channel',
    code: 'RELEASE_BAD_CHANNEL',
    bytesLimit: CHANNEL_BYTES_LIMIT,
    schema: channelSchema,
  } as const;
  return parseDocument(kind, bytes);
}

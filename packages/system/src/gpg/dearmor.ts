import { SystemError } from '../error.ts';

const BLOCKS =
  /^-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n(?:[^\r\n]+\r?\n)*\r?\n([A-Za-z0-9+/=\r\n]+?)(?:\r?\n=[A-Za-z0-9+/]{4})?\r?\n-----END PGP PUBLIC KEY BLOCK-----/gm;

/** Packet type of a secret key (RFC 9580, section 5). */
const SECRET_KEY = 5;

/**
 * The binary form of public keys: the content itself, or what its armoured blocks hold (RFC 9580, section 6.2).
 * @throws SystemError `GPG_BAD_KEYRING` for anything else, a secret key above all
 */
export function dearmor(content: Uint8Array): Uint8Array {
  const first = content[0] ?? 0;
  // Every packet begins with a byte whose highest bit is set, which no armour does (RFC 9580, section 4.2).
  if (first < 0x80) return armouredKeys(Buffer.from(content).toString('latin1'));
  if (packetType(first) === SECRET_KEY) throw noPublicKey('a secret key');
  return content;
}

function armouredKeys(text: string): Uint8Array {
  const bodies = [...text.matchAll(BLOCKS)].map(([, body = '']) => Buffer.from(body, 'base64'));
  if (bodies.length === 0) throw noPublicKey(text.includes('PRIVATE KEY BLOCK') ? 'a secret key' : 'something else');
  return Buffer.concat(bodies);
}

/** In the old form the type's four bits stand two bits higher. */
function packetType(first: number): number {
  return first & 0x40 ? first & 0x3f : (first >> 2) & 0x0f;
}

function noPublicKey(found: string): SystemError {
  return new SystemError('GPG_BAD_KEYRING', `expected a public key, binary or armoured, found ${found}`, {
    hint: 'Export it with `goldstream-builder keys export`.',
  });
}

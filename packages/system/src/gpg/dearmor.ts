import { SystemError } from '../error.ts';

/** The binary form of a public key: itself, or what an armoured block holds (RFC 9580, section 6.2). */
export function dearmor(content: Uint8Array): Uint8Array {
  const text = Buffer.from(content).toString('latin1');
  if (!text.startsWith('-----BEGIN')) return content;
  const block =
    /^-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n(?:[^\r\n]+\r?\n)*\r?\n([A-Za-z0-9+/=\r\n]+?)(?:\r?\n=[A-Za-z0-9+/]{4})?\r?\n-----END PGP PUBLIC KEY BLOCK-----/m.exec(
      text,
    );
  if (block?.[1] === undefined) {
    throw new SystemError('GPG_BAD_KEYRING', 'expected an armoured public key block, found something else', {
      hint: 'Export it with `goldstream-builder keys export`.',
    });
  }
  return Buffer.from(block[1], 'base64');
}

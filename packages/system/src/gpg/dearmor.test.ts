import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dearmor } from './dearmor.ts';

const BODY = `mDMEawJr6hYJKwYBBAHaRw8BAQdA8ha9D3UG4dPX9koexYQRENFrV8OY9C5rwNK2
hD+lgz60IVJlbGVhc2UgS2V5IDxyZWxlYXNlQGV4YW1wbGUub3JnPoiWBBMWCAA+
FiEEZcSCEk8Wb4eNKW4scEv/KFz+OdwFAmsCa+oCGwMFCQPCZwAFCwkIBwIGFQoJ
CAsCBBYCAwECHgECF4AACgkQcEv/KFz+Odw78QEAzsgSkOtqoxdmSAstBoMs7l46
oovA66N9RIcSitCNBKoA/iN8Co9U6ib/tSB+BZeiIv1j/0xa6yDs0SSzxqUDFfUN`;
/** A key as gpg 2.2.40 exports it, and the same in binary. */
const ARMOURED = `-----BEGIN PGP PUBLIC KEY BLOCK-----

${BODY}
=jVII
-----END PGP PUBLIC KEY BLOCK-----
`;
const BINARY = Buffer.from(BODY, 'base64');
const plain = (text: string) => Buffer.from(dearmor(Buffer.from(text)));

describe('dearmor', () => {
  it('gives the binary form of an armoured key', () => {
    expect(plain(ARMOURED)).toEqual(BINARY);
  });

  it('gives back what is binary already', () => {
    expect(dearmor(BINARY)).toBe(BINARY);
  });

  it.each([
    ['lines end in CR LF', ARMOURED.replaceAll('\n', '\r\n')],
    ['there are armour headers', ARMOURED.replace('-----\n\n', '-----\nVersion: GnuPG v2\nComment: the key\n\n')],
    ['there is no checksum', ARMOURED.replace('=jVII\n', '')],
    ['there is text around it', `The key of our releases:\n\n${ARMOURED}\nGood bye.\n`],
    ['the last newline is missing', ARMOURED.trimEnd()],
  ])('reads a key when %s', (_, text) => {
    expect(plain(text)).toEqual(BINARY);
  });

  it('takes every block of a file that holds several', () => {
    expect(plain(ARMOURED + ARMOURED)).toEqual(Buffer.concat([BINARY, BINARY]));
  });

  it.each([
    ['an empty file', ''],
    ['text', 'no key at all\n'],
    ['a message', ARMOURED.replaceAll('PUBLIC KEY BLOCK', 'MESSAGE')],
    ['an armoured secret key', ARMOURED.replaceAll('PUBLIC', 'PRIVATE')],
    ['a key that is cut off', ARMOURED.slice(0, 300)],
    ['a block of nothing', '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n-----END PGP PUBLIC KEY BLOCK-----\n'],
  ])('refuses %s', (_, text) => {
    expect(() => plain(text)).toThrow(expect.objectContaining({ code: 'GPG_BAD_KEYRING' }));
  });

  it.each([0x94, 0x95, 0xc5])('refuses a binary secret key, which begins with %i', (first) => {
    expect(() => dearmor(Uint8Array.of(first, 0x58, 4))).toThrow(expect.objectContaining({ code: 'GPG_BAD_KEYRING' }));
  });

  it('reads or refuses whatever it is given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(ARMOURED.length), (bytes, at) => {
        const spoilt = Buffer.concat([Buffer.from(ARMOURED.slice(0, at)), bytes, Buffer.from(ARMOURED.slice(at))]);
        try {
          expect(dearmor(spoilt)).toBeInstanceOf(Uint8Array);
        } catch (error) {
          expect(error).toMatchObject({ code: 'GPG_BAD_KEYRING' });
        }
      }),
    );
  });
});

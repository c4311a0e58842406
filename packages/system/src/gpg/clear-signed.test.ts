import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demandClearSigned } from './clear-signed.ts';

/** A signature packet in the new form, one in the old form, and a compressed packet. */
const NEW = [0xc2, 2, 4, 1];
const OLD = [0x89, 0, 1, 4];
const COMPRESSED = [0xc8, 2, 1, 0];

describe('a clear-signed document', () => {
  it('is one text with signatures, by one signer or several', () => {
    for (const packets of [NEW, OLD, [...NEW, ...OLD], [0xc2, 192, 0, ...Array(192).fill(4)]]) {
      expect(() => demandClearSigned(signed({ packets }))).not.toThrow();
    }
    expect(() => demandClearSigned(signed({ text: '- -----BEGIN PGP SIGNATURE-----\n- dash\n' }))).not.toThrow();
  });

  it.each([
    ['text before it', Buffer.from(`hello\n${signed({})}`)],
    ['text after it', Buffer.from(`${signed({})}hello\n`)],
    ['a second one', Buffer.from(`${signed({})}${signed({})}`)],
    ['a message', Buffer.from(signed({}).toString().replaceAll('SIGNATURE', 'MESSAGE'))],
    ['no last newline', signed({}).subarray(0, -1)],
    ['nothing', Buffer.alloc(0)],
    ['no signature', signed({ packets: [] })],
    ['a compressed packet', signed({ packets: COMPRESSED })],
    ['a compressed packet behind a signature', signed({ packets: [...NEW, ...COMPRESSED] })],
    ['a packet of unknown length', signed({ packets: [0xc2, 0xe1, 1, 1, 1] })],
    ['a packet in the old form of unknown length', signed({ packets: [0x8b, 1, 1] })],
    ['a packet that is longer than there are bytes', signed({ packets: [0xc2, 0xff, 0xff, 0xff, 0xff, 0xff] })],
  ])('is not %s', (_, file) => {
    expect(() => demandClearSigned(file)).toThrow(expect.objectContaining({ code: 'GPG_NOT_CLEAR_SIGNED' }));
  });

  it('is judged whatever its bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.string(), (packets, text) => {
        try {
          demandClearSigned(signed({ packets: [...packets], text: `${text}\n` }));
        } catch (error) {
          expect(error).toMatchObject({ code: 'GPG_NOT_CLEAR_SIGNED' });
        }
      }),
    );
  });
});

function signed({ text = '{}\n', packets = NEW }: { readonly text?: string; readonly packets?: readonly number[] }) {
  const body = Buffer.from(packets).toString('base64');
  return Buffer.from(
    `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n${text}-----BEGIN PGP SIGNATURE-----\n\n${body}\n=abcd\n-----END PGP SIGNATURE-----\n`,
  );
}

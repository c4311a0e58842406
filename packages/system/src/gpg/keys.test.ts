import { recordingRunner } from '@goldstream/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSecretKey, parseSecretKeys } from './keys.ts';

const RELEASE = '65C482124F166F878D296E2C704BFF285CFE39DC';
const OTHER = '7D7450BFAE5D4250E69D0D65A85731A18DF6C5B9';

/** What gpg 2.2.40 lists: a key that expires, and one that does not, with a subkey. */
const LISTING = `sec:u:255:22:704BFF285CFE39DC:1795320810:1858392810::u:::scSC:::+::ed25519:::0:
fpr:::::::::${RELEASE}:
grp:::::::::0F9E300702F0980CDC7D03C4F23567C0CB91CE0C:
uid:u::::1795320810::D67B64156718A6BD6194C33A9B552A5F900C3F87::Release Key <release@example.org>::::::::::0:
uid:u::::1795320810::D67B64156718A6BD6194C33A9B552A5F900C3F88::Second name <second@example.org>::::::::::0:
sec:u:255:22:A85731A18DF6C5B9:1795320810:::u:::scESC:::+::ed25519:::0:
fpr:::::::::${OTHER}:
uid:u::::1795320810::17F822328FB12A7749C782DCB97FAEFDE73E80CE::Björn\\x3a Other <o@example.org>::::::::::0:
ssb:u:255:18:08FD178DFE210A44:1795320810::::::e:::+::cv25519::
fpr:::::::::2656DD20FD99B163E265704608FD178DFE210A44:
`;

describe('parseSecretKeys', () => {
  it('reads primary keys with their first name, and no subkeys', () => {
    expect(parseSecretKeys(LISTING)).toEqual([
      { fingerprint: RELEASE, userId: 'Release Key <release@example.org>', expires: 1858392810 },
      { fingerprint: OTHER, userId: 'Björn: Other <o@example.org>', expires: undefined },
    ]);
  });

  it('finds no key in an empty home', () => {
    expect(parseSecretKeys('')).toEqual([]);
  });

  it('never throws, whatever is listed', () => {
    const words = fc.constantFrom('sec', 'ssb', 'fpr', 'uid', ':', '::::::', '\n', '\\x', '\\x3', '\\xff', 'a');
    fc.assert(
      fc.property(fc.array(words, { maxLength: 60 }), (all) => {
        expect(parseSecretKeys(all.join(''))).toBeInstanceOf(Array);
      }),
    );
  });
});

describe('findSecretKey', () => {
  const runner = recordingRunner({ gpg: LISTING });
  const find = (wanted: string | undefined) => findSecretKey(runner, { kind: 'callers' }, wanted);

  it.each([RELEASE, RELEASE.toLowerCase(), '0x704BFF285CFE39DC', '5CFE 39DC', 'release@example.org'])(
    'finds a key by %s',
    async (wanted) => {
      expect(await find(wanted)).toMatchObject({ fingerprint: RELEASE });
    },
  );

  it.each([
    ['several keys, none named', undefined, `found ${RELEASE}, ${OTHER}`],
    ['a name that fits several', 'example.org', `found ${RELEASE}, ${OTHER}`],
    ['a name that fits none', 'nobody', 'found none'],
  ])('refuses %s', async (_, wanted, found) => {
    await expect(find(wanted)).rejects.toMatchObject({ code: 'GPG_NO_KEY', message: expect.stringContaining(found) });
  });
});

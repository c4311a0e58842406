import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { expect, it, onTestFinished } from 'vitest';
import {
  announceKeys,
  type Channel,
  judgeChannel,
  judgeKeyring,
  judgeKeysDocument,
  judgeSignature,
  type KeySet,
  type KeysDocument,
  type KeysJudgement,
  keyringOf,
  openChannel,
  parseChannel,
  parseKeyListing,
  parseKeys,
  renderChannel,
  renderKeys,
} from '../src/index.ts';

const ISSUED = '2026-11-01T00:00:00Z';
const PLAIN = ['gpg', '--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', ''] as const;

/** A throw-away GnuPG home, and what a publisher and a host do with gpg and gpgv. */
async function makeWorkshop() {
  const home = await mkdtemp(join(tmpdir(), 'gpg-test-'));
  const env = { GNUPGHOME: home };
  onTestFinished(async () => {
    await systemRunner.capture(['gpgconf', '--kill', 'all'], { env });
    await rm(home, { recursive: true });
  });
  await mkdir(join(home, 'empty'), { mode: 0o700 });
  const gpg = (...args: string[]) => systemRunner.capture([...PLAIN, ...args], { env, cwd: home });
  const file = (name: string) => join(home, name);

  return {
    /** A new key's fingerprint. */
    async makeKey(name: string, ...options: string[]): Promise<string> {
      await gpg(...options, '--quick-generate-key', `${name} <${name}@example.invalid>`, 'ed25519', 'sign', '1y');
      const listing = parseKeyListing(await gpg('--with-colons', '--list-keys', `${name}@example.invalid`));
      return listing[0]?.fingerprint ?? '';
    },
    /** The clear-signed text. */
    async clearSign(text: string, signers: readonly string[], ...options: string[]): Promise<Buffer> {
      await writeFile(file('text'), text);
      const users = signers.flatMap((fingerprint) => ['--local-user', fingerprint]);
      await gpg('--yes', ...options, ...users, '--output', 'signed', '--clear-sign', 'text');
      return readFile(file('signed'));
    },
    async exportKey(fingerprint: string): Promise<Buffer> {
      await gpg('--yes', '--output', 'exported', '--export-options', 'export-minimal', '--export', fingerprint);
      return readFile(file('exported'));
    },
    /** What gpgv says of a clear-signed file, the bytes that it emits, and what gpg lists of the keyring. */
    async verify(signed: Uint8Array, keyring: Uint8Array) {
      await writeFile(file('file'), signed);
      await writeFile(file('keyring'), keyring);
      await rm(file('bytes'), { force: true });
      const gpgv = [
        'gpgv',
        '--ignore-time-conflict',
        '--status-fd',
        '1',
        '--keyring',
        file('keyring'),
        '--output',
        'bytes',
        'file',
      ] as const;
      const { stdout } = await systemRunner.run(gpgv, { cwd: home, accept: [1, 2] });
      const show = [
        '--homedir',
        file('empty'),
        '--batch',
        '--quiet',
        '--ignore-time-conflict',
        '--with-colons',
        '--show-keys',
        file('keyring'),
      ];
      const keys = parseKeyListing(await systemRunner.capture(['gpg', ...show]));
      return { status: stdout, keys, bytes: await readFile(file('bytes')).catch(() => Buffer.alloc(0)) };
    },
  };
}
type Workshop = Awaited<ReturnType<typeof makeWorkshop>>;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** What a host does with one keys document: the bytes are parsed only once the previous keys have signed them. */
async function take(shop: Workshop, held: { set: KeySet; keyring: Uint8Array }, signed: Uint8Array) {
  const byPrevious = await shop.verify(signed, held.keyring);
  const document = parseKeys(byPrevious.bytes);
  const byOwn = await shop.verify(signed, keyringOf(document));
  const presented = { document, sha256: sha256(byPrevious.bytes), byPrevious, byOwn };
  const judgement: KeysJudgement = judgeKeysDocument(held.set, presented, { application: 'op-dbus' });
  if (!judgement.ok) throw judgement.refusal;
  return { set: judgement.keys, keyring: keyringOf(document) };
}

it('catches up over three rotations, the first keys long expired, and refuses what a withdrawn key signs', async () => {
  const shop = await makeWorkshop();
  const long = ['--faked-system-time', '20240101T000000'];
  // The first key expired in 2025; it signed the second document while it was good.
  const first = await shop.makeKey('first', ...long);
  const [second, third, fourth] = [
    await shop.makeKey('second'),
    await shop.makeKey('third'),
    await shop.makeKey('fourth'),
  ];
  const exported = new Map<string, string>();
  for (const key of [first, second, third, fourth]) exported.set(key, (await shop.exportKey(key)).toString('base64'));

  const document = (number: number, keys: readonly string[], withdrawn: readonly string[] = []): KeysDocument => ({
    formatVersion: '1.0',
    application: 'op-dbus',
    number,
    issued: number === 1 ? '2024-01-01T00:00:00Z' : ISSUED,
    reason: `rotation ${number}`,
    threshold: 1,
    keys: keys.map((fingerprint) => ({ fingerprint, publicKey: exported.get(fingerprint) ?? '' })),
    withdrawn: withdrawn.map((fingerprint) => ({ fingerprint, reason: 'stolen' })),
  });
  const whileGood = ['--faked-system-time', '20240601T000000'];
  const handOver = { ...document(2, [first, second]), issued: '2024-06-01T00:00:00Z' };
  const chain = [
    await shop.clearSign(renderKeys(document(1, [first])), [first], ...whileGood),
    await shop.clearSign(renderKeys(handOver), [first], ...whileGood),
    await shop.clearSign(renderKeys(document(3, [second, third])), [second]),
    await shop.clearSign(renderKeys(document(4, [third, fourth], [second])), [third]),
  ];

  const keyring = await shop.exportKey(first);
  let held = {
    set: { number: 0, threshold: 1, keys: [first], withdrawn: [] } as KeySet,
    keyring: new Uint8Array(keyring) as Uint8Array,
  };
  for (const signed of chain) held = await take(shop, held, signed);
  expect(held.set).toMatchObject({ number: 4, keys: [third, fourth].sort(), withdrawn: [second] });

  // A channel by the newest keys counts, one by the withdrawn key does not.
  const now = new Date();
  const release = { version: 'v1.0.0' as const, manifestSha256: '1'.repeat(64) };
  const plain = openChannel({ application: 'op-dbus', channel: 'stable', release }, { now });
  const channel = announceKeys(plain, { number: 4, sha256: held.set.sha256 ?? '' }, { now });
  const judge = async (signed: Uint8Array) => {
    const said = await shop.verify(signed, Buffer.concat([held.keyring, await shop.exportKey(second)]));
    const options = { allowed: held.set.keys, withdrawn: held.set.withdrawn, listing: { keys: said.keys, at: now } };
    return { judgement: judgeSignature(said.status, options), bytes: said.bytes };
  };
  const bySecond = await judge(await shop.clearSign(renderChannel(channel), [second]));
  expect(bySecond.judgement).toMatchObject({ ok: false, signers: [], reasons: [{ kind: 'withdrawn-key' }] });

  const byFourth = await judge(await shop.clearSign(renderChannel(channel), [fourth]));
  expect(byFourth.judgement).toEqual({ ok: true, signers: [{ fingerprint: fourth }] });
  const read: Channel = parseChannel(byFourth.bytes);
  expect(read).toEqual(channel);
  const host = { application: 'op-dbus', channel: 'stable', seen: undefined, keys: held.set, clock: now };
  expect(judgeChannel({ channel: read, sha256: sha256(byFourth.bytes) }, host)).toMatchObject({ ok: true });
});

it('parses only what gpgv emits, whatever stands around the signed text, and counts two signers of one file', async () => {
  const shop = await makeWorkshop();
  const [alice, bob] = [await shop.makeKey('alice'), await shop.makeKey('bob')];
  const keyring = Buffer.concat([await shop.exportKey(alice), await shop.exportKey(bob)]);
  const release = { version: 'v1.0.0' as const, manifestSha256: '1'.repeat(64) };
  const text = renderChannel(openChannel({ application: 'op-dbus', channel: 'stable', release }, { now: new Date() }));
  const signed = await shop.clearSign(text, [alice, bob]);

  const around = Buffer.concat([Buffer.from('{"sequence": 1}\n'), signed, Buffer.from('{"sequence": 2}\n')]);
  const said = await shop.verify(around, keyring);
  expect(judgeSignature(said.status, { threshold: 2 })).toMatchObject({ ok: true });
  expect(said.bytes.toString()).toBe(text);
  expect(judgeKeyring(said.keys, new Date()).map(({ objection }) => objection)).toEqual([undefined, undefined]);

  // A clear signature covers neither blanks at the end of a line nor how lines end; gpgv drops the former only.
  const padded = await shop.verify(
    Buffer.from(signed.toString().replace('"sequence": 1,', '"sequence": 1,   ')),
    keyring,
  );
  expect(padded.bytes.toString()).toBe(text);
  const windows = await shop.verify(Buffer.from(signed.toString().replaceAll('\n', '\r\n')), keyring);
  expect(judgeSignature(windows.status).ok).toBe(true);
  expect(() => parseChannel(windows.bytes)).toThrow(expect.objectContaining({ code: 'RELEASE_BAD_CHANNEL' }));

  const changed = await shop.verify(Buffer.from(signed.toString().replace('"sequence": 1', '"sequence": 9')), keyring);
  expect(judgeSignature(changed.status).ok).toBe(false);
});

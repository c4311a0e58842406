import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { CliError } from '@goldstream/cli';
import { type GpgHome, importSecretKeys } from '@goldstream/system';
import { BuilderError } from '../error.ts';
import type { Tools } from '../tools.ts';

/** No secret key, its subkeys and signatures included, is larger. Bytes. */
const KEY_LIMIT = 1024 * 1024;

/** What the command line says about keys that are used for one run only. */
export interface GivenKeysWish {
  /** Files; `-` is standard input. */
  readonly signingKey: readonly string[];
  readonly passphraseFd: number | undefined;
}

/**
 * A throw-away home with the keys of `--signing-key`, until the program ends.
 * @throws CliError `CLI_USAGE`; BuilderError `BUILDER_UNREADABLE`; SystemError `GPG_BAD_SECRET_KEY`
 */
export async function openGivenHome(
  { runner, streams, belongings }: Pick<Tools, 'runner' | 'streams' | 'belongings'>,
  { signingKey, passphraseFd }: GivenKeysWish,
): Promise<GpgHome> {
  const fromInput = signingKey.filter((file) => file === '-').length + (passphraseFd === 0 ? 1 : 0);
  if (fromInput > 1) {
    throw new CliError('CLI_USAGE', `${fromInput} things are to be read from standard input, expected one at most`, {
      hint: 'Hand the passphrase over on another descriptor: --passphrase-fd 3 3< FILE',
    });
  }
  const passphrase = passphraseFd === undefined ? undefined : readPassphrase(passphraseFd);
  const keys: Uint8Array[] = [];
  for (const file of signingKey) keys.push(file === '-' ? await readAll(streams.input) : await readKeyFile(file));
  return belongings.keep(await importSecretKeys(runner, { keys, passphrase })).home;
}

/** The first line, as gpg's own `--passphrase-fd` takes it. */
function readPassphrase(descriptor: number): () => string {
  try {
    const [line = ''] = readFileSync(descriptor, 'utf8').split(/\r?\n/, 1);
    return () => line;
  } catch (cause) {
    throw new BuilderError('BUILDER_UNREADABLE', `descriptor ${descriptor} cannot be read`, {
      cause,
      hint: `Open it for this program: --passphrase-fd ${descriptor} ${descriptor}< FILE`,
    });
  }
}

async function readKeyFile(file: string): Promise<Uint8Array> {
  const key = await readFile(file).catch((cause: unknown) => {
    throw new BuilderError('BUILDER_UNREADABLE', `${file} cannot be read`, { cause });
  });
  return within(key, file);
}

async function readAll(input: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of input) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > KEY_LIMIT) break;
  }
  return within(Buffer.concat(pieces), 'standard input');
}

function within(key: Uint8Array, from: string): Uint8Array {
  if (key.length <= KEY_LIMIT) return key;
  throw new BuilderError('BUILDER_UNREADABLE', `${from} is longer than ${KEY_LIMIT} bytes, which no key is`);
}

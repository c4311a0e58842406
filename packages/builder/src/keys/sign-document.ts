import { readFile } from 'node:fs/promises';
import { assertTrusted, judgeSignature, parseKeyListing } from '@goldstream/release';
import { clearSign, clearSignedStatus, listKeyring, signatureStatus, signDetached } from '@goldstream/system';
import type { Tools } from '../tools.ts';
import { exportKeyring } from './export-keyring.ts';

/**
 * The text, clear-signed by every signer, and looked at as a host will: a signature that would not count is found out
 * before anything is published.
 *
 * @param what names the document
 * @throws ReleaseError `RELEASE_UNTRUSTED`; what gpg says
 */
export async function signText(
  tools: Tools,
  what: string,
  text: string,
  signers: readonly string[],
): Promise<Uint8Array> {
  const signed = await clearSign(tools.runner, await tools.gpgHome(), { signers, text });
  const keyring = await exportKeyring(tools, signers);
  const said = await clearSignedStatus(tools.runner, keyring, signed);
  await demandEvery(tools, what, { keyring, status: said.status, signers });
  if (Buffer.from(said.text).equals(Buffer.from(text))) return signed;
  throw new Error(`${what}: gpgv reads another text than was signed`);
}

/** Writes `signature`, a detached signature of `file` by every signer, and looks at it in the same way. */
export async function signFile(
  tools: Tools,
  {
    file,
    signature,
    signers,
  }: { readonly file: string; readonly signature: string; readonly signers: readonly string[] },
): Promise<void> {
  await signDetached(tools.runner, await tools.gpgHome(), { signers, file, signature });
  const keyring = await exportKeyring(tools, signers);
  const files = { data: await readFile(file), signature: await readFile(signature) };
  await demandEvery(tools, file, { keyring, status: await signatureStatus(tools.runner, keyring, files), signers });
}

async function demandEvery(
  { runner, clock }: Tools,
  what: string,
  {
    keyring,
    status,
    signers,
  }: { readonly keyring: string; readonly status: string; readonly signers: readonly string[] },
): Promise<void> {
  const listing = { keys: parseKeyListing(await listKeyring(runner, keyring)), at: clock() };
  const threshold = signers.length;
  assertTrusted(what, judgeSignature(status, { threshold, allowed: signers, listing }), threshold);
}

import type { PolicyRequest, ReleaseManifest } from '@goldstream/release';
import { isAllowedXattr } from '@goldstream/send-stream';
import { contentDigest, gatherPrivileges, showPrivilege, unlistedPrivileges } from '@goldstream/tree';
import { ReceiverError } from '../error.ts';
import type { Tools } from '../host/tools.ts';

/** Findings named in a message; the rest is counted. */
const SHOWN = 5;

/**
 * Proves a tree that did not come through the guard: its content digest is the signed one, and it holds nothing that
 * the guard would have refused.
 * @param granted what the manifest asks for and the host allows
 * @throws ReceiverError `RECEIVE_CONTENT_MISMATCH`
 */
export async function checkContents(
  { runner, io }: Tools,
  { snapshot, version, policy }: Pick<ReleaseManifest, 'snapshot' | 'version' | 'policy'>,
  { path, granted }: { readonly path: string; readonly granted: PolicyRequest },
): Promise<void> {
  io.progress.start({ label: `check ${version}`, totalBytes: snapshot.bytes });
  let told = 0;
  try {
    const onProgress = ({ bytes }: { readonly bytes: number }) => {
      io.progress.advance(bytes - told);
      told = bytes;
    };
    const { digest } = await contentDigest(path, { runner, onProgress, extraXattrs: policy.xattrs });
    if (digest !== snapshot.contentDigest) {
      throw new ReceiverError(
        'RECEIVE_CONTENT_MISMATCH',
        `${path} has content digest ${digest}, the signed manifest of ${version} says ${snapshot.contentDigest}`,
        { hint: 'It is not what was released: delete it and let `receive` fetch it.' },
      );
    }
  } finally {
    io.progress.stop();
  }
  const isUsual = (name: string) => isAllowedXattr(Buffer.from(name, 'latin1'));
  const findings = unlistedPrivileges(await gatherPrivileges(path, runner, isUsual), granted).map(showPrivilege);
  if (findings.length === 0) return;
  const more = findings.length > SHOWN ? ` and ${findings.length - SHOWN} more` : '';
  throw new ReceiverError(
    'RECEIVE_CONTENT_MISMATCH',
    `${path} holds what no stream of it may bring: ${findings.slice(0, SHOWN).join(', ')}${more}`,
  );
}

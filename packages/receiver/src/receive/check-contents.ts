import type { ReleaseManifest } from '@goldstream/release';
import { isAllowedXattr } from '@goldstream/send-stream';
import { type Runner, readXattrs } from '@goldstream/system';
import { contentDigest, gatherTree, showPath } from '@goldstream/tree';
import { ReceiverError } from '../error.ts';
import type { Tools } from '../host/tools.ts';

/** Findings named in a message; the rest is counted. */
const SHOWN = 5;

/**
 * Proves a tree that did not come through the guard: its content digest is the signed one, and it holds nothing that
 * the guard would have refused.
 * @throws ReceiverError `RECEIVE_CONTENT_MISMATCH`
 */
export async function checkContents(
  { runner, io }: Tools,
  { snapshot, version }: Pick<ReleaseManifest, 'snapshot' | 'version'>,
  path: string,
): Promise<void> {
  io.progress.start({ label: `check ${version}`, totalBytes: snapshot.bytes });
  let told = 0;
  try {
    const onProgress = ({ bytes }: { readonly bytes: number }) => {
      io.progress.advance(bytes - told);
      told = bytes;
    };
    const { digest } = await contentDigest(path, { runner, onProgress });
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
  const findings = await policyFindings(runner, path);
  if (findings.length === 0) return;
  const more = findings.length > SHOWN ? ` and ${findings.length - SHOWN} more` : '';
  throw new ReceiverError(
    'RECEIVE_CONTENT_MISMATCH',
    `${path} holds what no stream may bring: ${findings.slice(0, SHOWN).join(', ')}${more}`,
  );
}

/** What the guard refuses in a stream, looked for in a tree. */
async function policyFindings(runner: Runner, root: string): Promise<string[]> {
  const findings: string[] = [];
  for (const [path, entry] of (await gatherTree(root, runner)).entries) {
    if (entry.kind === 'character-device' || entry.kind === 'block-device') findings.push(`device ${showPath(path)}`);
    if (entry.kind !== 'hard-link' && (entry.mode & 0o6000) !== 0) findings.push(`set-id bit on ${showPath(path)}`);
  }
  for await (const { path, xattrs } of readXattrs(runner, root)) {
    for (const name of xattrs.keys()) {
      if (!isAllowedXattr(Buffer.from(name, 'latin1'))) findings.push(`attribute ${name} on ${path}`);
    }
  }
  return findings;
}

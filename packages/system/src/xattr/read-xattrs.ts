import type { Runner } from '../runner.ts';
import { parseGetfattr } from './parse-getfattr.ts';
import type { PathXattrs } from './xattrs.ts';

/**
 * The extended attributes of everything below `root` and of `root` itself, in one run of getfattr. Symlinks are not
 * followed. Paths without attributes are not mentioned; the order is that of the directories.
 * @param root absolute path of a directory that is not a symlink
 * @throws SystemError `TOOL_FAILED`, `TOOL_MISSING`
 */
export async function* readXattrs(runner: Runner, root: string): AsyncGenerator<PathXattrs> {
  const getfattr = runner.spawn(
    ['getfattr', '-R', '-h', '-d', '-m', '-', '-e', 'hex', '--absolute-names', '--', root],
    { stdout: 'pipe' },
  );
  try {
    // Present, because it was asked for.
    yield* parseGetfattr(linesOf(getfattr.stdout as AsyncIterable<Uint8Array>));
    await getfattr.ended;
  } finally {
    getfattr.kill();
  }
}

async function* linesOf(stdout: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stdout) {
    const lines = (rest + Buffer.from(chunk).toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

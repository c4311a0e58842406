import { type Runner, unifiedDiff } from '@goldstream/system';
import {
  type Inode,
  joinPath,
  type PathBytes,
  pathFromText,
  pathToBuffer,
  type StoredFile,
  showPath,
} from '@goldstream/tree';
import type { ActiveEdits } from './active-edits.ts';
import type { Edit } from './find-edits.ts';
import { inodeIn } from './list-inodes.ts';
import type { ToldEdit } from './tell-edits.ts';

/** Larger files are only said to differ. */
const MOST_BYTES = 4 * 1024 * 1024;

/** An edit and how it reads. */
export interface EditDiff extends ToldEdit {
  /** Lines as diff(1) and git write them; each ends with a newline. */
  readonly diff: string;
}

/**
 * How edits differ from the version below them.
 * @param paths relative to the deployment's root; only these and what lies below them; none: all
 */
export async function diffEdits(
  runner: Runner,
  { edits, version, upper }: Pick<ActiveEdits, 'edits' | 'version' | 'upper'>,
  paths: readonly string[],
): Promise<readonly EditDiff[]> {
  const wanted = paths.map(pathFromText);
  const isWanted = (path: PathBytes) => wanted.some((one) => path === one || path.startsWith(`${one}/`));
  const diffs: EditDiff[] = [];
  for (const edit of edits.filter(({ path }) => wanted.length === 0 || isWanted(path))) {
    const { path, kind } = edit;
    const [before, after] = [pathFromText(version), pathFromText(upper)].map((root) => sideOf(root, path));
    const isGone = kind === 'deleted';
    const diff = await diffOf(runner, edit, kind === 'added' ? undefined : before, isGone ? undefined : after);
    diffs.push({ path: showPath(path), kind, aspects: kind === 'changed' ? edit.aspects : [], diff });
  }
  return diffs;
}

interface Side {
  readonly at: PathBytes;
  readonly inode: Inode<StoredFile>;
}

function sideOf(root: PathBytes, path: PathBytes): Side | undefined {
  const inode = inodeIn(root, path);
  return inode === undefined ? undefined : { at: joinPath(root, path), inode };
}

async function diffOf(
  runner: Runner,
  { kind, path }: Edit,
  before: Side | undefined,
  after: Side | undefined,
): Promise<string> {
  const name = showPath(path);
  const head = `${kind} ${name}\n${attributeLines(before?.inode, after?.inode)}`;
  const sides = [before, after].filter((side) => side !== undefined);
  if (sides.some(({ inode }) => inode.kind !== 'file')) return `${head}${kindLines(before?.inode, after?.inode)}`;
  if (sides.some(({ inode }) => inode.kind === 'file' && inode.size > MOST_BYTES)) {
    return `${head}Files of more than ${MOST_BYTES} bytes are not compared line by line\n`;
  }
  const said = await unifiedDiff(
    runner,
    { path: before && pathToBuffer(before.at), label: before === undefined ? '/dev/null' : `vendor/${name}` },
    { path: after && pathToBuffer(after.at), label: after === undefined ? '/dev/null' : `edited/${name}` },
  );
  return head + said;
}

function attributeLines(before: Inode<StoredFile> | undefined, after: Inode<StoredFile> | undefined): string {
  if (before === undefined || after === undefined) return '';
  const mode = before.mode === after.mode ? '' : `old mode ${octal(before.mode)}\nnew mode ${octal(after.mode)}\n`;
  const [old, now] = [before, after].map(({ uid, gid }) => `${uid}:${gid}`);
  return old === now ? mode : `${mode}old owner ${old}\nnew owner ${now}\n`;
}

function kindLines(before: Inode<StoredFile> | undefined, after: Inode<StoredFile> | undefined): string {
  const line = (sign: string, inode: Inode<StoredFile> | undefined) =>
    inode === undefined
      ? ''
      : `${sign}${inode.kind}${inode.kind === 'symlink' ? ` to ${showPath(inode.target)}` : ''}\n`;
  const [old, now] = [line('-', before), line('+', after)];
  return old.slice(1) === now.slice(1) ? '' : old + now;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

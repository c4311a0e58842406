/** What a name can lead to. */
export type NodeKind =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'fifo'
  | 'socket'
  | 'character-device'
  | 'block-device'
  /** Something of a parent that cannot be looked at: see {@link UNSEEN_PARENT}. */
  | 'unknown';

/** The kind with its article, for messages. */
export function describeKind(kind: NodeKind): string {
  return kind === 'unknown' ? 'of unknown kind' : `a ${kind.replace('-', ' ')}`;
}

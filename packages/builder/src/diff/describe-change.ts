import { formatBytes } from '@goldstream/cli';
import type { Changes } from '@goldstream/send-stream';

type Entry<Name extends keyof Changes> = Changes[Name][number];

/** What is to be said of each kind of entry beside its path, in a few words; empty when the path says it all. */
export const DESCRIBE = {
  created: ({ type, bytes = 0, target }: Entry<'created'>, code: Code) => {
    if (type === 'file') return formatBytes(bytes);
    return target === undefined ? type : `${type} to ${code(target)}`;
  },
  changed: ({ type, bytes = 0, size, replaced, metadata, target }: Entry<'changed'>, code: Code) =>
    [
      ...(type === 'file' ? [formatBytes(bytes)] : [target === undefined ? type : `${type} to ${code(target)}`]),
      ...(size === undefined ? [] : [`now ${formatBytes(size)} long`]),
      ...(replaced ? ['replaced'] : []),
      ...(metadata === undefined ? [] : [describeMetadata(metadata, code)]),
    ].join(', '),
  removed: ({ type }: Entry<'removed'>) => (type === 'directory' ? 'directory' : ''),
  renamed: ({ type, replaced }: Entry<'renamed'>) =>
    [...(type === 'directory' ? ['directory'] : []), ...(replaced ? ['in place of another'] : [])].join(', '),
  links: ({ replaced }: Entry<'links'>) => (replaced ? 'in place of another' : ''),
  metadata: (entry: Entry<'metadata'>, code: Code) => describeMetadata(entry, code),
} as const;

/** How a name is shown in the text around it. */
export type Code = (text: string) => string;

function describeMetadata(
  { mode, owner, xattrs, flags }: NonNullable<Entry<'changed'>['metadata']>,
  code: Code,
): string {
  return [
    ...(mode === undefined ? [] : [`mode ${mode}`]),
    ...(owner === undefined ? [] : [`owner ${owner}`]),
    ...(xattrs === undefined ? [] : [`extended attributes ${someOf(xattrs.map(code))}`]),
    ...(flags ? ['flags'] : []),
  ].join(', ');
}

/** Names told of one entry. */
const MOST_NAMED = 5;

function someOf(names: readonly string[]): string {
  const named = names.slice(0, MOST_NAMED).join(', ');
  return names.length > MOST_NAMED ? `${named} and ${names.length - MOST_NAMED} more` : named;
}

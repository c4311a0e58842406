export { readXattrs } from './read-xattrs.ts';
export { writeXattrs } from './write-xattrs.ts';
export type { PathXattrs, XattrChange, Xattrs } from './xattrs.ts';

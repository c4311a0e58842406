import * as z from 'zod';
import { UNPRINTABLE } from './scalars.ts';
import { problem } from './validate.ts';

/** PATH_MAX and NAME_MAX of Linux, in bytes. */
const PATH_MAX = 4096;
const NAME_MAX = 255;

/** How a relative path may be written beyond the plain form. */
export interface RelativePathOptions {
  /** `.` is the folder itself. */
  readonly dot?: boolean;
}

/**
 * A relative, normal path that stays inside `folder`. One slash at the end is taken and dropped.
 * What leads out of it (absolute, `..`) is `COMPONENT_PATH_ESCAPES`.
 */
export function relativePath(folder: string, { dot = false }: RelativePathOptions = {}) {
  const expected = `a relative path inside ${folder}`;
  return z.string({ error: expected }).transform((written, ctx) => {
    const path = written.replace(/(?<=[^/])\/$/, '');
    if (path.startsWith('/') || path.split('/').includes('..')) {
      ctx.addIssue(problem('COMPONENT_PATH_ESCAPES', `${JSON.stringify(written)} leads out of ${folder}`));
      return z.NEVER;
    }
    if ((dot && path === '.') || isNormal(path)) return path;
    ctx.addIssue({ code: 'custom', message: `${expected}, without empty or . components` });
    return z.NEVER;
  });
}

/** An absolute, normal path below `/`. One slash at the end is taken and dropped. */
export function absolutePath() {
  const expected = 'an absolute path without empty, . or .. components';
  return z.string({ error: expected }).transform((written, ctx) => {
    const path = written.replace(/(?<=[^/])\/$/, '');
    if (path.startsWith('/') && isNormal(path.slice(1))) return path;
    ctx.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

function isNormal(path: string): boolean {
  return (
    Buffer.byteLength(path) < PATH_MAX &&
    path.split('/').every((name) => name !== '' && name !== '.' && name !== '..' && isName(name))
  );
}

function isName(name: string): boolean {
  return Buffer.byteLength(name) <= NAME_MAX && !UNPRINTABLE.test(name);
}

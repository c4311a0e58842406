import { StoreError } from './error.ts';

/** A store as a person names it. */
export type StoreUrl =
  | {
      readonly kind: 'dir';
      /** Of the directory that holds one directory for each version; may be relative. */
      readonly path: string;
    }
  | {
      readonly kind: 'web';
      /** `https:` or `http:`, without user, query and fragment. */
      readonly base: URL;
    };

/** Stores that are known and not yet spoken to. */
const ANNOUNCED = ['github', 'oci'];

const HINT = 'Name a directory, dir:/srv/releases, or a web server, https://HOST/PATH';

/**
 * Reads the name of a store.
 *
 * @throws StoreError `STORE_UNSUPPORTED`, `STORE_BAD_URL`
 */
export function parseStoreUrl(text: string): StoreUrl {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
  if (scheme === 'http' || scheme === 'https') return { kind: 'web', base: parseBase(text, scheme) };
  if (ANNOUNCED.includes(scheme)) {
    throw new StoreError('STORE_UNSUPPORTED', `${text}: this version knows dir:PATH and https://HOST/PATH only`, {
      hint: HINT,
    });
  }
  if (scheme !== 'dir' || rest === '' || rest.includes('\0')) {
    throw new StoreError('STORE_BAD_URL', `${JSON.stringify(text)} is not the name of a store`, { hint: HINT });
  }
  return { kind: 'dir', path: rest };
}

/** The messages do not repeat the text: what makes it wrong may be a password. */
function parseBase(text: string, scheme: 'http' | 'https'): URL {
  // The URL parser would take `https:host`, and drop spaces and line breaks.
  if (!text.startsWith(`${scheme}://`) || !/^[\x21-\x7e]+$/.test(text) || !URL.canParse(text)) {
    throw new StoreError('STORE_BAD_URL', `the address after ${scheme}: is not one of a web server`, { hint: HINT });
  }
  const base = new URL(text);
  const refuse = (why: string, hint: string) =>
    new StoreError('STORE_BAD_URL', `${scheme}://${base.host}${base.pathname} ${why}`, { hint });
  if (base.username !== '' || base.password !== '') {
    throw refuse('comes with a user name or a password', 'Leave it out: addresses are shown in messages and logs.');
  }
  if (/[?#]/.test(text)) {
    throw refuse('comes with a query or a fragment', 'Leave it out: names of files are put after the address.');
  }
  return base;
}

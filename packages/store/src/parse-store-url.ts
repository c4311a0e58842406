import { StoreError } from './error.ts';
import type { GithubName } from './github/site.ts';

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
    }
  | ({ readonly kind: 'github' } & GithubName);

/** Stores that are known and not yet spoken to. */
const ANNOUNCED = ['oci'];

const HINT = 'Name a directory, dir:/srv/releases, a web server, https://HOST/PATH, or github:OWNER/REPO';

/** GitHub's own rules for the names of accounts and repositories; HOST is one of GitHub Enterprise Server. */
const GITHUB =
  /^(?:\/\/([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?)\/)?([a-z0-9][a-z0-9-]{0,38})\/([\w.-]{1,100})$/i;

/**
 * Reads the name of a store.
 *
 * @throws StoreError `STORE_UNSUPPORTED`, `STORE_BAD_URL`
 */
export function parseStoreUrl(text: string): StoreUrl {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
  if (scheme === 'http' || scheme === 'https') return { kind: 'web', base: parseBase(text, scheme) };
  if (scheme === 'github') return parseGithub(text, rest);
  if (ANNOUNCED.includes(scheme)) {
    throw new StoreError(
      'STORE_UNSUPPORTED',
      `${text}: this version knows dir:PATH, https://HOST/PATH and github:OWNER/REPO only`,
      { hint: HINT },
    );
  }
  if (scheme !== 'dir' || rest === '' || rest.includes('\0')) {
    throw new StoreError('STORE_BAD_URL', `${JSON.stringify(text)} is not the name of a store`, { hint: HINT });
  }
  return { kind: 'dir', path: rest };
}

function parseGithub(text: string, rest: string): StoreUrl {
  const [, host, owner, repo] = GITHUB.exec(rest) ?? [];
  if (owner !== undefined && repo !== undefined && !/^\.+$/.test(repo)) return { kind: 'github', host, owner, repo };
  throw new StoreError('STORE_BAD_URL', `${JSON.stringify(text)} is not the name of a repository`, {
    hint: 'Name it github:OWNER/REPO, or on a server of your own github://HOST/OWNER/REPO.',
  });
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

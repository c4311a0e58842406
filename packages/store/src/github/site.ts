import { StoreError } from '../error.ts';
import { findToken, type TokenOptions } from './token.ts';

/** A repository as a person names it. */
export interface GithubName {
  /** `undefined`: github.com, or where the environment says that we are. */
  readonly host: string | undefined;
  readonly owner: string;
  readonly repo: string;
}

/** Where a repository is, and what we may do there. */
export interface GithubSite extends GithubName {
  /** As a person wrote it. */
  readonly name: string;
  /** Address of the pages, without a slash at the end: `https://github.com`. */
  readonly server: string;
  /** Address of the API, likewise. */
  readonly api: string;
  readonly token: string | undefined;
}

/** Where documents are: a branch of its own, so that channels have a history and no release is ever touched. */
export const CHANNELS_BRANCH = 'goldstream-channels';

/**
 * Finds out where GitHub is: the host of the name, else `GITHUB_SERVER_URL` and `GITHUB_API_URL` as workflows have
 * them, else github.com.
 *
 * @throws StoreError `STORE_BAD_URL`; `STORE_UNAUTHORISED` for a token that cannot be read or would travel unencrypted
 */
export function findSite(name: GithubName, options: TokenOptions = {}): GithubSite {
  const { env = process.env } = options;
  const { host, owner, repo } = name;
  const path = `${owner}/${repo}`;
  const own = addressIn(env, 'GITHUB_SERVER_URL', 'https://github.com');
  const server = host === undefined ? own : `https://${host}`;
  const ownApi = server === 'https://github.com' ? 'https://api.github.com' : `${server}/api/v3`;
  const api = host === undefined ? addressIn(env, 'GITHUB_API_URL', ownApi) : ownApi;
  const token = findToken(options, server === own);
  if (token !== undefined) demandPrivacy(new URL(api));
  return { ...name, name: host === undefined ? `github:${path}` : `github://${host}/${path}`, server, api, token };
}

/** The header fields that say who we are; nobody in particular without a token. */
export function secretOf({ token }: Pick<GithubSite, 'token'>): Readonly<Record<string, string>> | undefined {
  return token === undefined ? undefined : { authorization: `Bearer ${token}` };
}

/** An address below that of the API, for the repository. */
export function apiUrl({ api, owner, repo }: GithubSite, path: string): URL {
  return new URL(`${api}/repos/${owner}/${repo}/${path}`);
}

function addressIn(env: NodeJS.ProcessEnv, variable: string, otherwise: string): string {
  const { [variable]: text } = env;
  if (text === undefined || text === '') return otherwise;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && url.username === '' && url.password === '' && !/[?#]/.test(text);
  if (isPlain && /^https?:$/.test(url.protocol)) return text.replace(/\/+$/, '');
  throw new StoreError('STORE_BAD_URL', `${variable} of the environment is not the address of a web server`, {
    hint: `Set it to something like ${otherwise}, or unset it.`,
  });
}

/** Only this machine itself is spoken to without TLS. */
function demandPrivacy({ protocol, host, hostname }: URL): void {
  if (protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return;
  throw new StoreError('STORE_UNAUTHORISED', `${host} is asked without encryption, and there is a token`, {
    hint: 'Use an https: address, or take the token away.',
  });
}

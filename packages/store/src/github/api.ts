import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import { StoreError } from '../error.ts';
import { MAX_PAUSE_MS } from '../web/patience.ts';
import type { WebClient } from '../web/send-request.ts';
import type { GithubSite } from './site.ts';
import { webFetch } from './web-fetch.ts';

/** The API as octokit speaks to it. */
export type Api = Octokit;

/** How hard the API is pressed: options of the plugins for retrying and throttling. Tests wait for nothing. */
export interface ApiManners {
  readonly retry: { readonly retryAfterBaseValue: number };
  readonly throttle: Readonly<Record<string, unknown>>;
}

/** What publishing works with. */
export interface GithubMeans {
  readonly site: GithubSite;
  readonly client: WebClient;
  readonly application: string;
  readonly manners: ApiManners | undefined;
}

/** How often a limit of pace is waited for, each time for at most a minute. */
const PATIENCE = 5;

/** Answers that another try does not change: those of the plugin, and a conflict. */
const FINAL = [400, 401, 403, 404, 409, 410, 422, 451];

const PatientOctokit = Octokit.plugin(throttling, retry);

/**
 * Speaks to the API through our own connections (proxies, authorities, time limits), tries again after 500 and above,
 * and keeps to GitHub's pace: what it asks to wait for, and a second between two changes.
 *
 * @throws StoreError `STORE_UNAUTHORISED` without a token
 */
export function openApi({ site, client, manners }: GithubMeans): Api {
  if (site.token === undefined) {
    throw new StoreError('STORE_UNAUTHORISED', `${site.name}: publishing needs a token that may write contents`, {
      hint: 'Put one into GITHUB_TOKEN, or into a file and its name into GITHUB_TOKEN_FILE.',
    });
  }
  const mayWait = (what: string) => (seconds: number, _options: unknown, _octokit: unknown, retryCount: number) => {
    if (seconds * 1000 > MAX_PAUSE_MS || retryCount >= PATIENCE) return false;
    client.onRetry?.(`${site.name}: ${what}; trying again in ${seconds} s`);
    return true;
  };
  const api = new PatientOctokit({
    auth: site.token,
    baseUrl: site.api,
    userAgent: 'goldstream',
    request: { fetch: webFetch(client) },
    log: { debug: silent, info: silent, warn: silent, error: silent },
    retry: { ...manners?.retry, doNotRetry: FINAL },
    throttle: {
      onRateLimit: mayWait('no calls of the API are left'),
      onSecondaryRateLimit: mayWait('GitHub asks for a slower pace'),
      ...manners?.throttle,
    },
  });
  // The plugins' own pauses cannot be ended; whoever waits for them can.
  api.hook.wrap('request', async (request, options) => untilAborted(() => request(options), client.signal));
  return api;
}

function silent(): void {}

async function untilAborted<T>(call: () => T | Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  signal?.throwIfAborted();
  const called = Promise.resolve(call());
  if (signal === undefined) return called;
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    called.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

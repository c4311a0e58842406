import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { TestingError } from '../error.ts';
import { withTemporaryDirectory } from '../temporary-directory.ts';
import { type Answer, json, notFound, send } from './answer.ts';
import { openContract } from './contract.ts';
import type { Fault } from './faults.ts';
import type { Addresses, Operations } from './operation.ts';
import { Repository } from './repository.ts';
import { type ApiServer, matchApi, type Rights } from './serve-api.ts';
import { answerObjects, answerSite, type Staleness } from './serve-site.ts';
import { withServer } from './with-server.ts';

/** Who is asked: an operation of the API by GitHub's name for it, its site, or the host that has the bytes. */
export type Place = `repos/${string}` | `git/${string}` | 'site' | 'objects';

/** What a client asked. */
export interface GithubRequest {
  readonly place: Place;
  readonly method: string;
  readonly path: string;
  readonly isAuthorised: boolean;
}

/** GitHub with one repository, `octo/app`, on 127.0.0.1. It behaves as GitHub Enterprise Server does. */
export interface GithubEmulator {
  /** `GITHUB_SERVER_URL`, `GITHUB_API_URL`: where it is, as a runner of workflows says it. */
  readonly env: Readonly<Record<'GITHUB_SERVER_URL' | 'GITHUB_API_URL', string>>;
  /** May write, and sees drafts. */
  readonly token: string;
  /** May read. */
  readonly readToken: string;
  readonly repository: Repository;
  /** Every request so far, in order. */
  readonly requests: readonly GithubRequest[];
  /** So many of the next reads of files on a branch get what was there before the last change. */
  readonly stale: Staleness;
  /** The next requests to a place meet these faults, one each. */
  disturb(place: Place, ...faults: readonly Fault[]): void;
  /** No fault is left that did not happen yet. */
  mend(): void;
}

/** How a repository differs from a public one. */
export interface GithubOptions {
  readonly isPrivate?: boolean;
  readonly hasImmutableReleases?: boolean;
  /** Operations that stand before those of the emulator: to plant a wrong one. */
  readonly instead?: Operations;
}

const TOKEN = 'ghs_test-token-that-may-write';
const READ_TOKEN = 'ghs_test-token-that-may-read';

/**
 * Runs `use` with an emulator of its own, its assets on disk, and ends it afterwards, also when `use` failed. Every
 * request of the API and every answer to it is held against GitHub's own description.
 *
 * @throws TestingError `TESTING_GITHUB_MISMATCH` when one of them did not fit, or a token went to another host
 */
export async function withGithub<T>(options: GithubOptions, use: (github: GithubEmulator) => Promise<T>): Promise<T> {
  const complaints: string[] = [];
  const outcome = await withTemporaryDirectory((directory) => run(options, directory, complaints, use)).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (complaints.length > 0) {
    const cause = 'error' in outcome ? outcome.error : undefined;
    throw new TestingError('TESTING_GITHUB_MISMATCH', complaints.join('\n'), { cause });
  }
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

async function run<T>(
  { isPrivate = false, hasImmutableReleases = false, instead = {} }: GithubOptions,
  directory: string,
  complaints: string[],
  use: (github: GithubEmulator) => Promise<T>,
): Promise<T> {
  const repository = new Repository('octo/app', { isPrivate, hasImmutableReleases });
  const contract = await openContract();
  const requests: GithubRequest[] = [];
  const faults = new Map<Place, Fault[]>();
  const stale: Staleness = { reads: 0 };
  const complain = (complaint: string) => void complaints.push(complaint);

  /** Notes the request, lets a fault have it, or answers. */
  async function handle(
    { request, response, url }: Incoming,
    place: Place,
    answer: () => Promise<Answer>,
  ): Promise<void> {
    const { method = '', headers } = request;
    requests.push({ place, method, path: url.pathname, isAuthorised: headers.authorization !== undefined });
    const fault = faults.get(place)?.shift();
    const said = fault === undefined ? await answer() : await fault({ request, response, repository, answer });
    if (said !== undefined) await send(request, response, said);
  }

  const objects = (incoming: Incoming) =>
    handle(incoming, 'objects', async () => {
      if (incoming.request.headers.authorization === undefined) return answerObjects(repository, incoming.url, stale);
      complain(`a token was sent to another host: ${incoming.url.pathname}`);
      return json(400, { message: 'Only one authentication mechanism is allowed' });
    });

  return withServer(objects, async (objectsUrl) => {
    const files = { last: 0 };
    let addresses: Addresses | undefined;

    const main = async (incoming: Incoming, base: string): Promise<void> => {
      addresses ??= addressesOf(base, objectsUrl);
      const { request, url } = incoming;
      const rights = rightsOf(request, repository);
      const { pathname } = url;
      const below = /^\/api\/(?:v3|uploads)(\/.*)$/.exec(pathname)?.[1];
      const site = addresses;
      if (below === undefined) {
        await handle(incoming, 'site', async () => answerSite(repository, site, objectsUrl, pathname, rights));
        return;
      }
      const newFile = () => {
        files.last += 1;
        return join(directory, String(files.last));
      };
      const api: ApiServer = { contract, instead, complain, context: { repository, addresses, newFile } };
      const matched = await matchApi(api, request, url, below, rights);
      if (matched === undefined) await send(request, incoming.response, notFound());
      // What the description calls an operation begins with one of these words.
      else await handle(incoming, matched.operation as Place, async () => limited(await matched.answer()));
    };

    return withServer(main, async (base) =>
      use({
        env: { GITHUB_SERVER_URL: base, GITHUB_API_URL: `${base}/api/v3` },
        token: TOKEN,
        readToken: READ_TOKEN,
        repository,
        requests,
        stale,
        mend: () => faults.clear(),
        disturb: (place, ...more) => void faults.set(place, [...(faults.get(place) ?? []), ...more]),
      }),
    );
  });
}

/** A request that arrived, and where its answer goes. */
export interface Incoming {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

function addressesOf(base: string, objects: string): Addresses {
  let signatures = 0;
  return {
    api: `${base}/api/v3`,
    uploads: `${base}/api/uploads`,
    site: base,
    objectLink: (id) => {
      signatures += 1;
      return `${objects}/assets/${id}?sig=${signatures}`;
    },
  };
}

function rightsOf({ headers }: IncomingMessage, { isPrivate }: Repository): Rights {
  const [, token] = /^(?:token|bearer) (.+)$/i.exec(headers.authorization ?? '') ?? [];
  const mayWrite = token === TOKEN;
  return { mayWrite, mayRead: !isPrivate || mayWrite || token === READ_TOKEN };
}

function limited(answer: Answer): Answer {
  return { ...answer, headers: { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4999', ...answer.headers } };
}

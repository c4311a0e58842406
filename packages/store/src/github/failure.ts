import { StoreError } from '../error.ts';
import { parseRateLimit } from '../web/parse-rate-limit.ts';
import { limited } from '../web/patience.ts';
import { Transient } from '../web/transient.ts';

/** What octokit throws: a call that failed. Without an answer it never came to one. */
interface HttpError extends Error {
  readonly status: number;
  readonly response?: { readonly headers: Readonly<Record<string, string | number | undefined>> };
}

/** Whether GitHub answered with this status. */
export function hasStatus(error: unknown, ...statuses: readonly number[]): error is HttpError {
  return isHttpError(error) && error.response !== undefined && statuses.includes(error.status);
}

/** Whether GitHub refused a change (422) for a reason with these words in it. */
export function isRefusedFor(error: unknown, words: RegExp): boolean {
  return hasStatus(error, 422) && words.test(error.message);
}

/**
 * What became of a call of the API, as a StoreError; what is none of octokit's is given back as it is.
 *
 * @param what was tried, as the beginning of a sentence
 */
export function githubFailure(error: unknown, what: string): unknown {
  if (!isHttpError(error)) return error;
  const { cause, status, response } = error;
  if (cause instanceof StoreError) return cause;
  if (response === undefined) {
    const why = cause instanceof Transient ? cause.message : error.message;
    return new StoreError('STORE_UNREACHABLE', `${what}: GitHub ${why}`, {
      cause,
      hint: 'Look at the network, then run the same command again: it continues.',
    });
  }
  const limitMs = parseRateLimit(status, textsOf(response.headers), Date.now());
  if (limitMs !== undefined) return limited(`${what}: GitHub`, limitMs, error);
  if (status >= 500 || status === 429) {
    return new StoreError('STORE_UNREACHABLE', `${what}: GitHub answered with status ${status}, several times`, {
      cause: error,
      hint: 'Run the same command again later: it continues.',
    });
  }
  if (status === 401 || status === 403) {
    return new StoreError('STORE_UNAUTHORISED', `${what}: not allowed (${status})`, {
      cause: error,
      hint: 'Give a token that may write the contents of this repository; in a workflow, permissions: contents: write.',
    });
  }
  if (status === 404) {
    return new StoreError('STORE_MISSING', `${what}: there is no such repository for this token`, {
      cause: error,
      hint: 'Check owner and name, and whether the token may see it: GitHub does not tell these apart.',
    });
  }
  return new StoreError('STORE_PUBLISH_FAILED', `${what}: refused with status ${status}`, {
    cause: error,
    hint: 'See what GitHub says.',
  });
}

/** By its name: octokit does not hand out the class. */
function isHttpError(error: unknown): error is HttpError {
  return error instanceof Error && error.name === 'HttpError' && 'status' in error;
}

function textsOf(headers: Readonly<Record<string, string | number | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

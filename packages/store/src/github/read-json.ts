import type * as z from 'zod';
import { StoreError } from '../error.ts';
import { readAtMost } from '../read-at-most.ts';
import { readFile } from '../web/read-file.ts';
import type { WebClient } from '../web/send-request.ts';
import { showUrl } from '../web/show-url.ts';
import { type GithubSite, secretOf } from './site.ts';

/** A hundred releases with a hundred assets each are smaller. Bytes. */
const ANSWER_BYTES_LIMIT = 64 * 1024 * 1024;

/** Entries of one page; GitHub gives no more. */
const PAGE = 100;

/**
 * An answer of the API, read as every file of a store is: with its limits and its patience.
 *
 * @param missing the error for what is not there
 * @throws StoreError what `missing` gives, `STORE_BAD_ANSWER`, and those of `readFile`
 */
export async function readJson<T>(
  { client, site }: { readonly client: WebClient; readonly site: GithubSite },
  url: URL,
  schema: z.ZodType<T>,
  missing: () => StoreError,
): Promise<T> {
  const headers = { accept: 'application/vnd.github+json' };
  const file = readFile(client, url, { headers, secret: secretOf(site), missing });
  const text = Buffer.from(await readAtMost(file, ANSWER_BYTES_LIMIT, showUrl(url))).toString();
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new StoreError('STORE_BAD_ANSWER', `${showUrl(url)} answered with something that is not GitHub's`, {
    cause: parsed.error,
    hint: 'Check the address of the API; tell us when GitHub has changed it.',
  });
}

/** All pages of a list. Throws as {@link readJson} does. */
export async function* readPages<T>(
  means: { readonly client: WebClient; readonly site: GithubSite },
  url: URL,
  schema: z.ZodType<T[]>,
  missing: () => StoreError,
): AsyncIterable<T> {
  for (let page = 1; ; page += 1) {
    const address = new URL(url);
    address.searchParams.set('per_page', String(PAGE));
    address.searchParams.set('page', String(page));
    const items = await readJson(means, address, schema, missing);
    yield* items;
    if (items.length < PAGE) return;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

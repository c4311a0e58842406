import { StoreError } from '../error.ts';
import { showUrl } from './show-url.ts';

/**
 * Where a redirect leads.
 *
 * @param from the address that answered
 * @param location its `Location` header (RFC 9110, section 10.2.2)
 * @throws StoreError `STORE_BAD_REDIRECT` when it leads nowhere, to another protocol, from `https:` to `http:`, or
 * would have us send a user name
 */
export function parseRedirect(from: URL, location: string | undefined): URL {
  const refuse = (why: string) => new StoreError('STORE_BAD_REDIRECT', `${showUrl(from)} redirects ${why}`);
  if (location === undefined || !URL.canParse(location, from.href)) throw refuse('to no address');

  const to = new URL(location, from);
  if (to.protocol !== 'https:' && to.protocol !== 'http:') throw refuse(`to ${to.protocol}, expected https:`);
  if (from.protocol === 'https:' && to.protocol === 'http:') throw refuse(`from https: to ${showUrl(to)}`);
  if (to.username !== '' || to.password !== '') throw refuse(`to ${showUrl(to)} with a user name`);
  return to;
}

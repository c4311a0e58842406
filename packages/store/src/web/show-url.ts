/** An address for messages: without user, password, query and fragment, any of which may hold a secret. */
export function showUrl({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`;
}

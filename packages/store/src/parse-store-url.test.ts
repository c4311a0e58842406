import { describe, expect, it } from 'vitest';
import { parseStoreUrl } from './parse-store-url.ts';

/** What it throws. */
function errorOf(text: string): unknown {
  try {
    parseStoreUrl(text);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('parseStoreUrl', () => {
  it.each([
    ['dir:/srv/releases', '/srv/releases'],
    ['dir:../releases', '../releases'],
    ['dir:/a path/with:colon', '/a path/with:colon'],
  ])('takes the directory %s', (text, path) => {
    expect(parseStoreUrl(text)).toEqual({ kind: 'dir', path });
  });

  it.each(['https://example.org/r', 'http://example.org:8080/a/b/', 'https://[::1]/r', 'https://example.org'])(
    'takes the web server %s',
    (text) => {
      expect(parseStoreUrl(text)).toEqual({ kind: 'web', base: new URL(text) });
    },
  );

  it('takes a repository on GitHub, or on a server of its kind', () => {
    expect(parseStoreUrl('github:octo/app.data')).toEqual({
      kind: 'github',
      host: undefined,
      owner: 'octo',
      repo: 'app.data',
    });
    expect(parseStoreUrl('github://ghe.example.org:8443/octo/app')).toEqual({
      kind: 'github',
      host: 'ghe.example.org:8443',
      owner: 'octo',
      repo: 'app',
    });
  });

  it.each(['oci://host/name'])('says of %s what this version can do', (text) => {
    expect(errorOf(text)).toMatchObject({ code: 'STORE_UNSUPPORTED', message: expect.stringContaining('dir:PATH') });
  });

  it.each([
    ...['', '/srv/releases', 'dir:', 'ftp://host', 'DIR:/srv', 'dir:/srv\0/x'],
    ...['github:', 'github:octo', 'github:octo/..', 'github:octo/app/x', 'github:-o/app', 'github://octo/app'],
    ...['github:octo/a b', 'github://user@host/octo/app', 'github:octo/app?x', 'github:octo/app#x'],
    ...['https:', 'https://', 'https:host/path', 'https://host name/', 'https://host/\n', 'https://host:99999/'],
  ])('refuses %j', (text) => {
    expect(errorOf(text)).toMatchObject({ code: 'STORE_BAD_URL', exitCode: 2 });
  });

  it.each([
    'https://user:geheim@example.org/r',
    'https://geheim@example.org/r',
    'https://example.org/r?token=geheim',
    'https://example.org/r#geheim',
    'https://user:geheim@exa mple.org/',
  ])('refuses %s without repeating what may be a secret', (text) => {
    const error = errorOf(text);
    expect(error).toMatchObject({ code: 'STORE_BAD_URL', hint: expect.any(String) });
    expect(String(error)).not.toContain('geheim');
  });
});

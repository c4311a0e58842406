import { describe, expect, it } from 'vitest';
import { parseStoreUrl } from './parse-store-url.ts';

describe('parseStoreUrl', () => {
  it.each([
    ['dir:/srv/releases', '/srv/releases'],
    ['dir:../releases', '../releases'],
    ['dir:/a path/with:colon', '/a path/with:colon'],
  ])('takes %s', (text, path) => {
    expect(parseStoreUrl(text)).toEqual({ kind: 'dir', path });
  });

  it.each(['https://example.org/r', 'http://example.org', 'github:owner/repo', 'oci://host/name'])(
    'says of %s what this version can do',
    (text) => {
      expect(() => parseStoreUrl(text)).toThrow(
        expect.objectContaining({ code: 'STORE_UNSUPPORTED', message: expect.stringContaining('dir:PATH') }),
      );
    },
  );

  it.each(['', '/srv/releases', 'dir:', 'ftp://host', 'DIR:/srv', 'dir:/srv\0/x'])('refuses %j', (text) => {
    expect(() => parseStoreUrl(text)).toThrow(expect.objectContaining({ code: 'STORE_BAD_URL', exitCode: 2 }));
  });
});

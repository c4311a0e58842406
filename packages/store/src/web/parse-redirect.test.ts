import { expect, it } from 'vitest';
import { parseRedirect } from './parse-redirect.ts';

it.each([
  ['https://host/a/b', 'c?x=1', 'https://host/a/c?x=1'],
  ['https://host/a', '//other:8443/b', 'https://other:8443/b'],
  ['http://host/a', 'https://host/a', 'https://host/a'],
  ['http://host/a', 'http://other/a', 'http://other/a'],
])('leads from %s by %s to %s', (from, location, to) => {
  expect(parseRedirect(new URL(from), location).href).toBe(to);
});

it.each([
  ['https://host/a', 'http://host/a'],
  ['https://host/a', 'file:///etc/passwd'],
  ['http://host/a', 'data:text/plain,x'],
  ['https://host/a', 'https://user:geheim@host/a'],
  ['https://host/a?geheim', 'https://'],
  ['https://host/a', undefined],
])('leads nowhere from %s by %s', (from, location) => {
  expect(() => parseRedirect(new URL(from), location)).toThrow(
    expect.objectContaining({ code: 'STORE_BAD_REDIRECT', message: expect.not.stringContaining('geheim') }),
  );
});

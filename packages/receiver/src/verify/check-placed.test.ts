import { describe, expect, it } from 'vitest';
import type { Found } from '../integrate/system-facts.ts';
import type { Placed } from '../state/records.ts';
import type { Verdict } from './check.ts';
import { comparePlaced } from './check-placed.ts';

const as = { mode: 0o644, uid: 0, gid: 0 };
const target = '/etc/app.json';
const link: Placed = { kind: 'link', component: 'core', target, text: '/var/lib/app/current/links/etc/app.json' };
const copy: Placed = { kind: 'copy', component: 'core', target, sha256: 'a', ...as };
const standard: Placed = { kind: 'default', component: 'core', target, sha256: 'a', ...as };
const foreign: Placed = { kind: 'default', component: 'core', target, ...as };

describe('comparePlaced', () => {
  it.each<[string, Placed, Found, Verdict, boolean]>([
    ['a link with its text', link, { kind: 'link', text: link.text }, 'ok', true],
    ['a link with another text', link, { kind: 'link', text: '/elsewhere' }, 'wrong', false],
    ['a file in place of a link', link, { kind: 'file', sha256: 'a', ...as }, 'wrong', false],
    ['a link that is gone', link, { kind: 'absent' }, 'missing', false],
    ['a copy as it was placed', copy, { kind: 'file', sha256: 'a', ...as }, 'ok', true],
    ['a copy with another content', copy, { kind: 'file', sha256: 'b', ...as }, 'modified', false],
    ['a copy with another mode', copy, { kind: 'file', sha256: 'a', ...as, mode: 0o600 }, 'modified', false],
    ['a copy with another owner', copy, { kind: 'file', sha256: 'a', ...as, uid: 1 }, 'modified', false],
    ['a link in place of a copy', copy, { kind: 'link', text: '/elsewhere' }, 'wrong', false],
    ['a default that the operator edited', standard, { kind: 'file', sha256: 'b', ...as }, 'modified', true],
    ['what was there before a default', foreign, { kind: 'file', sha256: 'b', ...as }, 'ok', true],
    ['a default that is gone', foreign, { kind: 'absent' }, 'missing', false],
  ])('judges %s', (_, placed, found, verdict, acceptable) => {
    expect(comparePlaced(placed, found)).toMatchObject({ subject: target, verdict, acceptable });
  });
});

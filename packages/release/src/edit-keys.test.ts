import { describe, expect, it } from 'vitest';
import { openKeys, rotateKeys } from './edit-keys.ts';
import { renderKeys } from './render-keys.ts';

const NOW = new Date('2026-11-22T03:00:00Z');
const id = (name: string) => name.repeat(40);
const key = (name: string, publicKey = 'YWFh') => ({ fingerprint: id(name), publicKey });
const stolen = (name: string) => ({ fingerprint: id(name), reason: 'stolen' });
const first = openKeys({ application: 'op-dbus', keys: [key('B'), key('A')] }, { now: NOW, reason: 'the beginning' });
const conflict = (message: string) =>
  expect.objectContaining({ code: 'RELEASE_KEYS_CONFLICT', exitCode: 8, message: expect.stringContaining(message) });

describe('rotateKeys', () => {
  it('adds, retires and withdraws, and counts one further', () => {
    const change = {
      now: NOW,
      reason: 'rotation',
      add: [key('C'), key('D')],
      retire: [id('A')],
      withdraw: [stolen('B')],
    };
    const second = rotateKeys(first, { ...change, threshold: 2 });
    expect(second).toMatchObject({ number: 2, threshold: 2, keys: [key('C'), key('D')], withdrawn: [stolen('B')] });
    expect(() => renderKeys(second)).not.toThrow();
  });

  it('keeps what was withdrawn, and can withdraw a key that was retired before', () => {
    const second = rotateKeys(first, { now: NOW, reason: 'x', retire: [id('A')] });
    const third = rotateKeys(second, { now: NOW, reason: 'y', withdraw: [stolen('A')] });
    expect(rotateKeys(third, { now: NOW, reason: 'z' }).withdrawn).toEqual([stolen('A')]);
  });

  it('takes the newer form of a key, and may change nothing at all', () => {
    expect(rotateKeys(first, { now: NOW, reason: 'longer', add: [key('A', 'YmJi')] }).keys).toEqual([
      key('A', 'YmJi'),
      key('B'),
    ]);
    expect(rotateKeys(first, { now: NOW, reason: 'a new epoch' })).toEqual({
      ...first,
      number: 2,
      reason: 'a new epoch',
    });
  });

  it('refuses what would lock hosts out', () => {
    const rotate = (change: object) => () => rotateKeys(first, { now: NOW, reason: 'x', ...change });
    expect(rotate({ retire: [id('A'), id('B')] })).toThrow(conflict('0 keys would be left'));
    expect(rotate({ threshold: 3 })).toThrow(conflict('2 keys would be left, and 3 must sign'));
    expect(rotate({ retire: [id('E')] })).toThrow(conflict('has no key EEEE'));
    expect(rotate({ add: [key('C')], withdraw: [stolen('C')] })).toThrow(conflict('was withdrawn'));
    expect(rotate({ now: new Date('2026-11-21') })).toThrow(expect.objectContaining({ code: 'RELEASE_CLOCK_BEHIND' }));
  });
});

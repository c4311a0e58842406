import { describe, expect, it } from 'vitest';
import {
  changesNames,
  fullAssetNames,
  incrementalAssetNames,
  isApplicationName,
  manifestName,
  signatureName,
} from './asset-names.ts';

describe('asset names', () => {
  it('are those of the release format', () => {
    expect(fullAssetNames('op-dbus', 'v1.3.0', 1)).toEqual(['op-dbus-v1.3.0.full.btrfs.zst']);
    expect(incrementalAssetNames('op-dbus', 'v1.3.0', 'v1.2.9', 1)).toEqual(['op-dbus-v1.3.0.from-v1.2.9.btrfs.zst']);
    expect(signatureName(manifestName('op-dbus', 'v1.3.0'))).toBe('op-dbus-v1.3.0.manifest.json.asc');
    expect(changesNames('op-dbus', 'v1.3.0')).toEqual({
      json: 'op-dbus-v1.3.0.changes.json',
      markdown: 'op-dbus-v1.3.0.changes.md',
    });
  });

  it('number the parts of a stream that has several', () => {
    expect(fullAssetNames('op-dbus', 'v1.3.0', 2)).toEqual([
      'op-dbus-v1.3.0.full.btrfs.zst.part000',
      'op-dbus-v1.3.0.full.btrfs.zst.part001',
    ]);
  });
});

describe('isApplicationName', () => {
  it.each(['op-dbus', 'a', 'app2'])('takes %s', (name) => expect(isApplicationName(name)).toBe(true));
  it.each(['', 'Op', '2app', 'a b', 'a.b', 'a/b', '..', '-a', 'a-', 'a--b', 'a\n', 'a'.repeat(65)])(
    'refuses %j',
    (name) => expect(isApplicationName(name)).toBe(false),
  );
});

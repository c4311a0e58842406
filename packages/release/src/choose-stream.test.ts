import { describe, expect, it } from 'vitest';
import { chooseStream } from './choose-stream.ts';
import type { ReleaseManifest, StreamEntry } from './manifest.ts';
import type { Version } from './version.ts';

const assets = (bytes: number) => [{ name: 'x', bytes, sha256: '', chunks: [] }];
const body = { protocol: 1, encoding: 'zstd', rawBytes: 1, rawSha256: '' } as const;
const full: StreamEntry = { kind: 'full', ...body, assets: assets(1000) };
const from = (version: Version, uuid: string, bytes: number): StreamEntry => ({
  kind: 'incremental',
  ...body,
  parent: { version, uuid },
  assets: assets(bytes),
});

// Only what the choice looks at.
const offering = (...streams: StreamEntry[]) => ({ version: 'v1.3.0', streams }) as unknown as ReleaseManifest;

const v1 = from('v1.1.0', 'uuid-1', 300);
const v2 = from('v1.2.0', 'uuid-2', 200);

describe('chooseStream', () => {
  it('takes the smallest incremental on a version that is held', () => {
    const held = [
      { version: 'v1.1.0', uuid: 'uuid-1' },
      { version: 'v1.2.0', uuid: 'uuid-2' },
    ];
    expect(chooseStream(offering(full, v1, v2), held)).toEqual({
      stream: v2,
      bytes: 200,
      reason: 'incremental from v1.2.0, which this host holds',
    });
  });

  it('goes by the UUID, not by the name of the version', () => {
    const impostor = [{ version: 'v1.2.0', uuid: 'built elsewhere' }];
    expect(chooseStream(offering(full, v2), impostor)).toEqual({
      stream: full,
      bytes: 1000,
      reason: 'full stream: this host holds none of v1.2.0',
    });
  });

  it('takes the full stream when there is no other', () => {
    expect(chooseStream(offering(full), []).reason).toBe('full stream: the release offers no other');
  });

  it('says which versions would help when nothing leads there', () => {
    expect(() => chooseStream(offering(v1, v2), [])).toThrow(
      expect.objectContaining({ code: 'RELEASE_NO_STREAM', message: expect.stringContaining('v1.1.0, v1.2.0') }),
    );
  });
});

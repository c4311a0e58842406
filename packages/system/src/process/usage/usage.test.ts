import { describe, expect, it } from 'vitest';
import { deviceName, parseMapsDevice } from './device-name.ts';
import { overlayLayers } from './overlay-layers.ts';

describe('deviceName', () => {
  it.each([
    [63n, '0:63'],
    [0x10_0005n, '0:261'],
    [0x0801n, '8:1'],
    [0xfd00n, '253:0'],
  ])('writes st_dev %d as mountinfo does', (device, name) => {
    expect(deviceName(device)).toBe(name);
  });

  it('reads the hexadecimal form of maps', () => {
    expect(parseMapsDevice('00:41')).toBe('0:65');
    expect(parseMapsDevice('103:02')).toBe('259:2');
  });
});

describe('overlayLayers', () => {
  it('names every layer, upper and work included', () => {
    const options = ['rw', 'lowerdir=/deploy/v1:/deploy/v0', 'upperdir=/o/upper', 'workdir=/o/work', 'index=off'];
    expect(overlayLayers(options)).toEqual(['/deploy/v1', '/deploy/v0', '/o/upper', '/o/work']);
  });

  it('takes data-only layers, layers given one by one, and escaped colons', () => {
    expect(overlayLayers(['lowerdir=/a\\:b::/data', 'lowerdir+=/c:d', 'datadir+=/e'])).toEqual([
      '/a:b',
      '/data',
      '/c:d',
      '/e',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { type Column, formatBytes, formatDuration, renderJson, renderTable } from './index.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1024 ** 2 - 1, '1.0 MiB'],
    [1.9 * 1024 ** 3, '1.9 GiB'],
    [2n ** 63n, '8.0 EiB'],
    [2n ** 80n, '1048576.0 EiB'],
  ])('%s bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min 00 s'],
    [185_000, '3 min 05 s'],
    [3_599_600, '1 h 00 min'],
    [7_620_000, '2 h 07 min'],
  ])('%d ms are %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});

describe('renderTable', () => {
  const columns: Column<{ version: string; bytes: number; note: string }>[] = [
    { title: 'VERSION', cell: ({ version }) => version },
    { title: 'BYTES', cell: ({ bytes }) => String(bytes), align: 'right' },
    { title: 'NOTE', cell: ({ note }) => note },
  ];

  it('aligns its columns and leaves no spaces at the end of a line', () => {
    const rows = [
      { version: 'v1.2.0', bytes: 5, note: '' },
      { version: 'v1.10.0-ü', bytes: 12345, note: 'active' },
    ];
    expect(renderTable(rows, columns)).toBe('VERSION    BYTES  NOTE\nv1.2.0         5\nv1.10.0-ü  12345  active\n');
  });

  it('is empty without rows', () => {
    expect(renderTable([], columns)).toBe('');
  });
});

describe('renderJson', () => {
  it('writes what JSON does not know in a fixed form', () => {
    const bytes = Uint8Array.of(0, 255);
    expect(JSON.parse(renderJson({ big: 2n ** 64n, bytes, buffer: Buffer.from(bytes), none: undefined }))).toEqual({
      big: '18446744073709551616',
      bytes: '00ff',
      buffer: '00ff',
    });
    expect(renderJson(undefined)).toBe('null\n');
  });
});

import type { IncrementalStream } from '@goldstream/release';
import type { ExaminedFile } from '@goldstream/send-stream';
import { describe, expect, it } from 'vitest';
import { makeReport } from './make-report.ts';
import { refuseOverBudget } from './refuse-over-budget.ts';
import { renderReport } from './render-report.ts';
import type { DeltaReport } from './report.ts';

const MIB = 2 ** 20;

describe('the report of the delta doctor', () => {
  it('tells what was sent in vain, and what to do', () => {
    const replaced = fileOf('lib/libfoo.so', { manner: 'replaced', equalBytes: 2 * MIB, isUnchanged: true });
    const moved = fileOf('lib-2/data', {
      manner: 'created',
      before: undefined,
      movedBytes: MIB,
      heldBy: 'lib-1/data',
      isHolderGone: true,
    });
    expect(renderReport(reportOf(moved, replaced)).join('\n')).toMatchInlineSnapshot(`
      "v1.3.0 from v1.2.9 sends 4.0 MiB of file contents; the parent holds 3.0 MiB of them, 60.0 % of the stream:
           2.0 MiB  lib/libfoo.so (replaced, unchanged)
           1.0 MiB  lib-2/data (created, 1.0 MiB moved from lib-1/data)
        2.0 MiB in lib/libfoo.so: replaced by a new file that holds the same blocks. Put the files into the recipe and run goldstream-builder golden update, which changes files in place, instead of copying or unpacking over golden.
        1.0 MiB in lib-2/data: made anew under another name, while the file that held the contents was removed. Keep names that do not carry a version or a hash, or rename (mv) in golden instead of copying."
    `);
  });

  it('says so when nothing was sent in vain', () => {
    expect(renderReport(reportOf(fileOf('new', {})))).toEqual([
      'v1.3.0 from v1.2.9 sends 2.0 MiB of file contents, nothing that the parent holds',
    ]);
  });

  it('names ten files and counts the others', () => {
    const files = Array.from({ length: 13 }, (_, n) => fileOf(`f${n}`, { equalBytes: 1000 - n }));
    const lines = renderReport(reportOf(...files));
    expect(lines.filter((line) => / f\d+ \(/.test(line))).toHaveLength(10);
    expect(lines).toContain('  and 3 more files');
  });

  it('shows names that are no text', () => {
    expect(reportOf(fileOf('a\n\xff', { equalBytes: 1 })).files).toMatchObject([{ path: 'a\\012\\377' }]);
  });

  it('keeps to a thousand files', () => {
    const report = reportOf(...Array.from({ length: 1001 }, (_, n) => fileOf(`f${n}`, { equalBytes: n })));
    expect(report.files).toHaveLength(1000);
    expect(report).toMatchObject({ sentFiles: 1001, wastedFiles: 1000, files: { 0: { path: 'f1000' } } });
  });
});

describe('the budget', () => {
  it('is kept by a stream of exactly its size', () => {
    expect(() => refuseOverBudget(streamOf(500), reportOf(), 500)).not.toThrow();
  });

  it('refuses one byte more, with what was found and what to do', () => {
    const report = reportOf(fileOf('lib/f', { manner: 'replaced', equalBytes: MIB }));
    expect(refusalOf(streamOf(501), report, 500)).toMatchInlineSnapshot(`
      {
        "code": "BUILDER_OVER_BUDGET",
        "exitCode": 8,
        "hint": "Put the files into the recipe and run goldstream-builder golden update, which changes files in place, instead of copying or unpacking over golden. Or allow more: --max-delta, or budget: in golden.yaml.",
        "message": "the incremental from v1.2.9 has 501 bytes (501 B) compressed, allowed are 500 bytes (500 B); the parent holds 1.0 MiB of what it sends; most is in lib/f (1.0 MiB)",
      }
    `);
  });

  it('names what is largest where nothing was sent in vain', () => {
    expect(refusalOf(streamOf(501), reportOf(fileOf('new', {})), 500).message).toContain(
      'the parent holds nothing of what it sends; most is in new (2.0 MiB)',
    );
    expect(refusalOf(streamOf(501), reportOf(), 500).message).toContain('most is in names and attributes');
  });
});

function fileOf(path: string, facts: Partial<ExaminedFile>): ExaminedFile {
  return {
    path,
    manner: 'rewritten',
    before: path,
    size: 2 * MIB,
    sentBytes: 2 * MIB,
    equalBytes: 0,
    movedBytes: 0,
    heldBy: undefined,
    isHolderGone: false,
    isUnchanged: false,
    compressed: undefined,
    ...facts,
  };
}

function reportOf(...files: readonly ExaminedFile[]): DeltaReport {
  const sum = (of: (file: ExaminedFile) => number) => files.reduce((total, file) => total + of(file), 0);
  return makeReport(
    {
      files,
      sentBytes: sum(({ sentBytes }) => sentBytes),
      wastedBytes: sum(({ equalBytes, movedBytes }) => equalBytes + movedBytes),
      isPartial: false,
    },
    { version: 'v1.3.0', uuid: 'u', parent: { version: 'v1.2.9', uuid: 'p' }, rawBytes: 5 * MIB },
  );
}

function streamOf(bytes: number): IncrementalStream {
  return {
    kind: 'incremental',
    parent: { version: 'v1.2.9', uuid: 'p' },
    protocol: 1,
    encoding: 'zstd',
    rawBytes: 1000,
    rawSha256: 'ab'.repeat(32),
    assets: [bytes - 100, 100].map((part, n) => ({ name: `a.${n}`, bytes: part, sha256: 'cd'.repeat(32), chunks: [] })),
  };
}

function refusalOf(...refused: Parameters<typeof refuseOverBudget>) {
  try {
    refuseOverBudget(...refused);
  } catch (error) {
    // Only BuilderError is thrown; its code is looked at.
    const { code, message, hint, exitCode } = error as {
      code: string;
      message: string;
      hint: string;
      exitCode: number;
    };
    return { code, exitCode, message, hint };
  }
  throw new Error('was not refused');
}

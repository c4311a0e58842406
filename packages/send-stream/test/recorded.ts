import { readFileSync } from 'node:fs';

/** The streams of fixtures/send-stream that hold nothing unusual. */
export const RECORDED = ['full', 'incremental', 'incremental-proto-2', 'no-data'] as const;

/** All of them: device nodes, set-id bits, capabilities and odd bytes too. */
export const ALL_RECORDED = [...RECORDED, 'special', 'special-proto-2', 'special-incremental'] as const;

/** One of them. */
export type Recorded = (typeof ALL_RECORDED)[number];

/** The bytes of a recorded stream. */
export function recorded(name: Recorded): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`${name}.btrfs`, FIXTURES)));
}

/** What `btrfs receive --dump` says of it, one character a byte. */
export function recordedDumpText(name: Recorded): string {
  return readFileSync(new URL(`${name}.dump.txt`, FIXTURES), 'latin1');
}

/**
 * What `btrfs receive --dump` says of it, line by line: title, path as it is printed, the rest. Not for streams with line
 * feeds in the values of xattrs: those are printed raw.
 */
export function recordedDump(name: Recorded): readonly { title: string; path: string; rest: string }[] {
  const lines = recordedDumpText(name).trimEnd().split('\n');
  return lines.map((line) => {
    const [, title = '', path = '', rest = ''] = /^(\S+) +((?:\\.|[^\\ ])+) *(.*)$/.exec(line) ?? [];
    return { title, path, rest };
  });
}

const FIXTURES = new URL('../../../fixtures/send-stream/', import.meta.url);

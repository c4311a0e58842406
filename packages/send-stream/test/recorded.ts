import { readFileSync } from 'node:fs';

/** The streams of fixtures/send-stream. */
export const RECORDED = ['full', 'incremental', 'incremental-proto-2', 'no-data'] as const;

/** One of them. */
export type Recorded = (typeof RECORDED)[number];

/** The bytes of a recorded stream. */
export function recorded(name: Recorded): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`${name}.btrfs`, FIXTURES)));
}

/** What `btrfs receive --dump` says of it, one character a byte. */
export function recordedDumpText(name: Recorded): string {
  return readFileSync(new URL(`${name}.dump.txt`, FIXTURES), 'latin1');
}

/** What `btrfs receive --dump` says of it, line by line: title, path as it is printed, the rest. */
export function recordedDump(name: Recorded): readonly { title: string; path: string; rest: string }[] {
  const lines = recordedDumpText(name).trimEnd().split('\n');
  return lines.map((line) => {
    const [, title = '', path = '', rest = ''] = /^(\S+) +((?:\\.|[^\\ ])+) *(.*)$/.exec(line) ?? [];
    return { title, path, rest };
  });
}

const FIXTURES = new URL('../../../fixtures/send-stream/', import.meta.url);

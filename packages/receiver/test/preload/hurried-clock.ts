import { existsSync, readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import promises from 'node:timers/promises';

/**
 * Loaded into a program before anything else (`node --import`): as soon as the file `TEST_HURRY_FILE` is there, nobody
 * has to wait for minutes to see what the program gives up on. By what the file says, either every limit on waiting is
 * due (`silence`), or time passes a thousand times as fast while limits stay as long as they are (`pace`).
 */
const file = process.env['TEST_HURRY_FILE'] ?? '';
const FACTOR = 1000;
/** What is longer guards against programs that hang, and would be due before they had a chance. Milliseconds. */
const LONGEST = 60_000;

const { setTimeout: set, clearTimeout: clear } = globalThis;
const now = performance.now.bind(performance);
const waiting = new Map<NodeJS.Timeout, () => void>();
let hurry: { readonly since: number; readonly by: string } | undefined;

const watch = setInterval(() => {
  if (!existsSync(file)) return;
  clearInterval(watch);
  hurry = { since: now(), by: readFileSync(file, 'utf8') };
  if (hurry.by !== 'silence') return;
  for (const [handle, due] of waiting) {
    clear(handle);
    due();
  }
}, 5).unref();

performance.now = () => (hurry?.by === 'pace' ? hurry.since + (now() - hurry.since) * FACTOR : now());

globalThis.setTimeout = Object.assign((callback: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) => {
  const due = () => {
    waiting.delete(handle);
    callback(...given);
  };
  const isShort = ms <= LONGEST;
  const handle = set(due, isShort && hurry?.by === 'silence' ? ms / FACTOR : ms);
  if (isShort) waiting.set(handle, due);
  return handle;
}, set);

globalThis.clearTimeout = (handle) => {
  if (typeof handle === 'object') waiting.delete(handle);
  clear(handle);
};

const sleep = promises.setTimeout;
promises.setTimeout = (ms = 0, value, options) => sleep(hurry === undefined ? ms : ms / FACTOR, value, options);
syncBuiltinESMExports();

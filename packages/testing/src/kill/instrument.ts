/**
 * Loaded into a program of ours before its own code (`node --import`), and never part of it: counts what the program
 * does to the outside (writes, renames, children, …) within each step that it announces on stderr, and strikes at the
 * moment that it was ordered to.
 *
 * Why from within: an announcement is written synchronously before the step's handler is called, and an operation is
 * counted before it is handed to the system. So a blow hits between two certain instructions, not some time after
 * somebody read a line from a pipe; and a step or an operation that is new is counted without being named anywhere.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { basename } from 'node:path';
import { type Moment, ORDERS, type Orders } from './moment.ts';
import { strike } from './strike.ts';

/** What changes something, of `node:fs/promises`, by how many paths it takes; `open` counts when it may write. */
const CHANGES = {
  1: [
    ...['appendFile', 'chmod', 'chown', 'lchown', 'lutimes', 'mkdir', 'mkdtemp', 'rm', 'rmdir', 'truncate', 'unlink'],
    ...['utimes', 'writeFile'],
  ],
  2: ['copyFile', 'cp', 'link', 'rename', 'symlink'],
};
const FILE_CHANGES = ['appendFile', 'chmod', 'chown', 'datasync', 'sync', 'truncate', 'write', 'writeFile', 'writev'];
/** `[2/5] says`, also within another step; not `[2/5] done in 3 s`. */
const ANNOUNCED = /^\s*\[\d+\/\d+\] (?!done in )(.*)/;

// Written by `runWithOrders`.
const orders = JSON.parse(process.env[ORDERS] ?? '{}') as Orders;
const { appendFileSync, openSync, readSync } = fs;
const watched = orders.watch === undefined ? undefined : openSync(orders.watch, 'r');
const now = { step: 0, operation: 0 };
let struck = false;

/** A moment: what is written down, and where the blow falls. */
function pass(doing: string): void {
  if (orders.journal !== undefined) {
    const position = watched === undefined ? {} : { position: positionOf(watched) };
    appendFileSync(orders.journal, `${JSON.stringify({ ...now, doing, ...position })}\n`);
  }
  const due = orders.at !== undefined && isReached(orders.at);
  now.operation++;
  if (struck || !due || orders.blow === undefined) return;
  struck = true;
  strike(orders.blow, orders);
}

/** A moment that this run does not have, because it looked at fewer things, is reached at the next one. */
function isReached({ step, operation }: Moment): boolean {
  return now.step > step || (now.step === step && now.operation >= operation);
}

/** The count of entries in the super block of a log of writes. */
function positionOf(log: number): number {
  const count = Buffer.alloc(8);
  readSync(log, count, 0, 8, 16);
  return Number(count.readBigUInt64LE());
}

type Method = (this: unknown, ...args: readonly unknown[]) => unknown;

/** Makes each call of a method a moment before it. */
function count(on: object, name: string, doing: (args: readonly unknown[], self: unknown) => string | undefined): void {
  // The names are those of methods; what has no such method is left alone.
  const methods = on as Record<string, Method | undefined>;
  const real = methods[name];
  if (real === undefined) return;
  methods[name] = function (...args) {
    const said = doing(args, this);
    if (said !== undefined) pass(said);
    return real.apply(this, [...args]);
  };
}

function named(name: string, paths: readonly unknown[]): string {
  return [name, ...paths.map((path) => basename(String(path)))].join(' ');
}

for (const [paths, names] of Object.entries(CHANGES)) {
  for (const name of names) count(fs.promises, name, (args) => named(name, args.slice(0, Number(paths))));
}
const handle = await fs.promises.open('/dev/null');
for (const name of FILE_CHANGES) count(Object.getPrototypeOf(handle), name, () => `file ${name}`);
await handle.close();
count(fs.promises, 'open', ([path, flags]) =>
  flags === undefined || flags === 'r' ? undefined : named('open', [path]),
);
for (const name of ['write', 'writev']) count(fs, name, () => `stream ${name}`);
// Bytes for a child: its stdin is a socket to Node, and so may be our own story.
const piped = (_: readonly unknown[], self: unknown) =>
  self === process.stdout || self === process.stderr ? undefined : 'pipe';
for (const name of ['_write', '_writev']) count(net.Socket.prototype, name, piped);

// Not imported: nothing is started here, only counted.
const childProcess = process.getBuiltinModule('node:child_process');
const spawn = childProcess.spawn as (...args: readonly unknown[]) => ReturnType<typeof childProcess.spawn>;
childProcess.spawn = ((...args: readonly unknown[]) => {
  const words = [args[0], ...(Array.isArray(args[1]) ? args[1].slice(0, 2) : [])].map((word) => basename(String(word)));
  pass(`spawn ${words.join(' ')}`);
  const child = spawn(...args);
  pass(`spawned ${words.join(' ')}`);
  return child;
}) as typeof childProcess.spawn;
// Named imports of these modules follow.
syncBuiltinESMExports();

const say = process.stderr.write.bind(process.stderr) as (...args: readonly unknown[]) => boolean;
process.stderr.write = (...args: readonly unknown[]) => {
  const written = say(...args);
  const [, says] = ANNOUNCED.exec(String(args[0])) ?? [];
  if (says !== undefined) {
    now.step++;
    now.operation = 0;
    pass(says);
  }
  return written;
};
// After the last step.
count(process.stdout, 'write', () => 'tell the result');

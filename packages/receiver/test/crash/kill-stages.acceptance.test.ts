import { cp, mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Blow, btrfsTest, killMatrix, LONG_RUN, snapshotOfTree, withSavedDisk } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import type { TargetHost } from '../target-host.ts';
import { demandEnded, PATIENCE } from './operation.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { hostHere } from './receiver-here.ts';
import { demandSame } from './whole.ts';

/** A command of stages, and the host it is run on. Words may say where the recipes are: OLD and NEW. */
interface StageOperation {
  readonly name: string;
  readonly before: readonly string[];
  readonly command: string;
  /** Its steps are among those of the others: tried only when there is time. */
  readonly covered?: true;
}

const ALL: readonly StageOperation[] = [
  {
    name: 'stage deploy, another version',
    before: ['stage deploy --all --recipe OLD'],
    command: 'stage deploy shop --recipe NEW',
  },
  {
    name: 'stage rollback, to the version before',
    before: ['stage deploy --all --recipe OLD', 'stage deploy shop --recipe NEW'],
    command: 'stage rollback shop --to pre-stage-1-SECOND',
  },
  {
    name: 'stage rollback, to nothing',
    before: ['stage deploy --all --recipe OLD'],
    command: 'stage rollback shop --to pre-stage-1-FIRST',
    covered: true,
  },
  {
    name: 'stage deploy, everything for the first time',
    before: [],
    command: 'stage deploy --all --recipe OLD',
    covered: true,
  },
];

const BLOWS: readonly [Blow, ...Blow[]] = ['kill', 'kill-all', 'SIGTERM'];

describe('a stage whose command is killed or interrupted at any step is whole, and the command ends well when run again', () => {
  for (const operation of ALL.filter(({ covered }) => LONG_RUN || covered !== true)) {
    btrfsTest(operation.name, { timeout: PATIENCE }, async ({ btrfs: _ }) => {
      const { struck, violations } = await matrixOf(operation);
      expect(violations).toEqual([]);
      expect(struck).toBeGreaterThan(4);
    });
  }
});

async function matrixOf({ before, command }: StageOperation) {
  const trees: Readonly<Record<string, string>>[] = [];
  let outcome: Outcome = {};
  const prepare = async (mountPoint: string) => {
    await writeRecipes(mountPoint);
    const host = await hostOn(mountPoint);
    await host.do('prepare');
    for (const line of before) await host.do(...(await wordsOf(mountPoint, line)));
    trees.push(await treeOf(host));
  };
  return withSavedDisk({}, prepare, (disk) =>
    killMatrix<{ readonly host: TargetHost; readonly words: readonly string[] }>({
      within: LONG_RUN ? 4 : 0,
      blows: BLOWS,
      seed: 1,
      withHost: (use) =>
        disk.onCopy(async (mountPoint) => {
          const host = await hostOn(mountPoint);
          await demandEnded(host, 'boot', 'mount');
          return use({ host, words: await wordsOf(mountPoint, command) });
        }),
      command: ({ host, words }) => host.command(...words),
      undisturbed: async ({ host }, { ended }) => {
        expect(ended).toMatchObject({ exitCode: 0 });
        trees.push(await treeOf(host));
        await demandWhole(host, trees);
        outcome = await stagedOutcome(host);
      },
      afterwards: async ({ host, words }) => {
        await demandEnded(host, 'boot', 'mount');
        await demandWhole(host, trees);
        await demandEnded(host, ...words);
        await demandWhole(host, trees);
        demandSame('the host', await stagedOutcome(host), outcome);
        await demandEnded(host, 'audit', 'verify');
      },
    }),
  );
}

async function hostOn(mountPoint: string): Promise<TargetHost> {
  return hostHere(join(mountPoint, 'host'), 'shop');
}

/** Snapshots are named by what they are for, and by when they were made. */
async function wordsOf(mountPoint: string, line: string): Promise<readonly string[]> {
  const words = line.replace('OLD', join(mountPoint, 'old')).replace('NEW', join(mountPoint, 'new'));
  if (!/FIRST|SECOND/.test(words)) return words.split(' ');
  const listed = await (await hostOn(mountPoint)).do('stage', 'snapshots', '--json');
  // It prints exactly this.
  const names = (JSON.parse(listed) as { name: string }[]).flatMap(({ name }) =>
    name.startsWith('pre-stage-1') ? [name] : [],
  );
  return words
    .replace(/pre-stage-1-FIRST/, names[0] ?? '')
    .replace(/pre-stage-1-SECOND/, names[1] ?? '')
    .split(' ');
}

/** What the stage's link leads to. */
async function treeOf(host: TargetHost): Promise<Readonly<Record<string, string>>> {
  const at = await realpath(join(host.layout.pool, 'staging/shop')).catch(() => undefined);
  if (at === undefined) return {};
  const { '.deployed': _, ...tree } = await snapshotOfTree(at);
  return tree;
}

/** The stage has one of its trees, every file of it, and what is on the system is as its `.deployed` says. */
async function demandWhole(host: TargetHost, trees: readonly Readonly<Record<string, string>>[]): Promise<void> {
  const tree = await treeOf(host);
  const isKnown = trees.some((known) => JSON.stringify(known) === JSON.stringify(tree));
  if (!isKnown) demandSame('the tree of the stage', tree, trees[0] ?? {});
  await demandEnded(host, 'stage', 'verify');
  const { attention } = await host.status();
  if (attention.length > 0) throw new Error(`needs attention: ${attention.join('; ')}`);
}

/** Of two runs the same: times in names are told by their order among those of their kind, and markers hold times. */
async function stagedOutcome(host: TargetHost): Promise<Outcome> {
  const found = await outcomeOf(host);
  const names = [...new Set(Object.keys(found).flatMap((path) => SNAPSHOT.exec(path)?.[0] ?? []))].sort();
  const kinds = new Map<string, number>();
  const plain = new Map(
    names.map((name) => {
      const kind = name.replace(TIME, '');
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      return [name, `${kind}#${kinds.get(kind)}`];
    }),
  );
  const plainly = (text: string) => text.replace(SNAPSHOT, (name) => plain.get(name) ?? name);
  // A tree that is left is deleted when nobody uses it, as far as can be seen: that is for the next command, too.
  const linked = ['shop', 'till'].flatMap(
    (name) => /-> (\S+)/.exec(found[`var/lib/shop/staging/${name}`] ?? '')?.[1] ?? [],
  );
  const isLeft = (path: string) =>
    /staging\/trees\/./.test(path) && !linked.some((tree) => path.includes(`staging/${tree}`));
  return Object.fromEntries(
    Object.entries(found)
      .filter(([path]) => !isLeft(path))
      .map(([path, line]) => [plainly(path), path.endsWith('/.deployed') ? 'is there' : line]),
  );
}

const TIME = /\d{8}-\d{6}(?:-\d+)?$/;
const SNAPSHOT = /(?:pre|post|pre-rollback)-stage-\d+-\d{8}-\d{6}(?:-\d+)?/;

/** Two recipes: everything that a component can bring, and the same a version later. */
async function writeRecipes(directory: string): Promise<void> {
  const [older, newer] = [join(directory, 'old'), join(directory, 'new')];
  for (const [path, content] of Object.entries(OLD)) await write(join(older, path), content);
  await cp(older, newer, { recursive: true });
  for (const [path, content] of Object.entries(NEW)) await write(join(newer, path), content);
  await rm(join(newer, 'shop/etc/motd'));
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

const manifest = (version: string, file: string) => `stage: 1
component: shop
version: ${version}
description: A shop
files:
  - { path: bin/shop, target: /usr/local/bin/shop, mode: 0755, type: symlink }
  - { path: share/, target: /usr/share/shop, type: directory }
  - { path: etc/shop.conf, target: /etc/shop/shop.conf, mode: 0640, type: copy }
  - { path: etc/state.json, target: /etc/shop/state.json, type: copy-if-not-exists }
  - { path: shop.service, target: /etc/systemd/system/shop.service, type: systemd-unit }
  - { path: shop.policy, target: /etc/dbus-1/system.d/shop.conf, type: dbus }
  - ${file}
services: [shop.service]
`;

const OLD = {
  'golden.yaml': 'application: shop\narchitecture: all\nsources:\n  - directory: shop\n  - directory: till\n',
  'shop/manifest.yaml': manifest('1.0.0', '{ path: etc/motd, target: /etc/motd.d/shop, type: copy }'),
  'shop/bin/shop': '#!/bin/sh\necho 1.0.0\n',
  'shop/share/page': 'a page\n',
  'shop/etc/shop.conf': 'colour = blue\n',
  'shop/etc/state.json': '{}\n',
  'shop/etc/motd': 'open\n',
  'shop/shop.policy': '<busconfig/>\n',
  'shop/shop.service': '[Service]\nExecStart=/usr/local/bin/shop\n[Install]\nWantedBy=multi-user.target\n',
  'till/manifest.yaml':
    'stage: 2\ncomponent: till\nversion: 1.0.0\ndescription: A till\nfiles:\n  - { path: till, target: /usr/local/bin/till, type: symlink }\ndependencies:\n  - component: shop\n',
  'till/till': '#!/bin/sh\n',
};

const NEW = {
  'shop/manifest.yaml': manifest('1.1.0', '{ path: bin/admin, target: /usr/local/bin/shop-admin, type: symlink }'),
  'shop/bin/shop': '#!/bin/sh\necho 1.1.0\n',
  'shop/bin/admin': '#!/bin/sh\necho admin\n',
  'shop/etc/shop.conf': 'colour = red\n',
  'shop/shop.service': '[Service]\nExecStart=/usr/local/bin/shop open\n[Install]\nWantedBy=multi-user.target\n',
};

import { formatBytes } from '@goldstream/cli';
import type { Plan } from '@goldstream/plan';
import { BuilderError } from '../error.ts';
import type { PoolFacts } from './facts.ts';

/** What `init` can do. */
export type InitStep =
  | { kind: 'create-image'; says: string; image: string; bytes: number }
  | { kind: 'mount-image'; says: string; image: string; at: string }
  | {
      /** Makes what is missing and leaves alone what is there. */
      kind: 'make-layout';
      says: string;
      golden: string;
      directories: readonly { readonly path: string; readonly mode: number }[];
    };

/**
 * Decides where the pool is: an image that exists, else the directory when it lies on Btrfs, else a new image.
 * @param size bytes of a new image
 * @throws BuilderError `BUILDER_POOL_BLOCKED` when a mount would hide files
 */
export function planInit(facts: PoolFacts, size: number): Plan<InitStep> {
  const { layout, imageBytes, mounted, onBtrfs, complete } = facts;
  const goal = `a pool for ${layout.application} at ${layout.pool}`;
  const makeLayout: InitStep = {
    kind: 'make-layout',
    says: 'make the golden subvolume and the directories beside it, where they are missing',
    golden: layout.golden,
    directories: [
      { path: layout.snapshots, mode: 0o700 },
      { path: layout.streams, mode: 0o755 },
      { path: layout.state, mode: 0o700 },
      { path: layout.scratch, mode: 0o700 },
    ],
  };
  const needsMount = imageBytes === undefined ? !onBtrfs : !mounted;
  if (!needsMount) {
    const notes = [
      imageBytes === undefined ? 'the directory lies on Btrfs already' : `${layout.image} is mounted there`,
    ];
    return { goal, notes, steps: complete ? [] : [makeLayout] };
  }

  refuseHiding(facts);
  const create: InitStep = {
    kind: 'create-image',
    says: `make ${layout.image}, a sparse file of at most ${formatBytes(size)} with a Btrfs in it`,
    image: layout.image,
    bytes: size,
  };
  const mount: InitStep = {
    kind: 'mount-image',
    says: `mount ${layout.image} at ${layout.pool}`,
    image: layout.image,
    at: layout.pool,
  };
  if (imageBytes !== undefined) return { goal, steps: [mount, makeLayout] };
  return { goal, notes: ['the directory is not on Btrfs'], steps: [create, mount, makeLayout] };
}

function refuseHiding({ layout, names, mounted }: PoolFacts): void {
  if (names.length === 0 && !mounted) return;
  const found = mounted ? 'has something else mounted on it' : `holds ${names.slice(0, 3).join(', ')}`;
  throw new BuilderError('BUILDER_POOL_BLOCKED', `${layout.pool} is not on Btrfs and ${found}`, {
    hint: 'Move that away, or give another --root.',
  });
}

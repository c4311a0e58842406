import { showPath } from '../path-bytes.ts';
import { renderMode } from '../render-mode.ts';
import type { TreeStep, Unsaid } from './step.ts';

/** What a step does, as the plan says it. */
export function renderStep(step: Unsaid<TreeStep>): string {
  switch (step.kind) {
    case 'remove':
      return `remove ${step.directory ? 'directory ' : ''}${showPath(step.path)}`;
    case 'create-directory':
      return `create directory ${showPath(step.path)} (${renderMode(step.mode)} ${step.uid}:${step.gid})`;
    case 'write-file':
      return `write ${showPath(step.path)} (${step.from.size} bytes, ${renderMode(step.mode)} ${step.uid}:${step.gid})`;
    case 'patch-file':
      return `rewrite ${renderPatch(step)}`;
    case 'create-symlink':
      return `create symlink ${showPath(step.path)} to ${showPath(step.target)}`;
    case 'create-hard-link':
      return `link ${showPath(step.path)} to ${showPath(step.to)}`;
    case 'set-attributes':
      return `give ${showPath(step.path)} ${renderAttributes(step)}`;
    case 'change-xattrs':
      return `change extended attributes of ${renderSome(step.changes.map(({ path }) => showPath(path)))}`;
  }
}

function renderPatch({ path, from, was, ranges }: Unsaid<Extract<TreeStep, { kind: 'patch-file' }>>): string {
  const bytes = ranges.reduce((sum, { length }) => sum + length, 0);
  const places = ranges.length === 1 ? 'in 1 place' : `in ${ranges.length} places`;
  const resized = from.size === was ? '' : `, which had ${was} bytes`;
  return `${bytes} of ${from.size} bytes of ${showPath(path)} ${places}${resized}`;
}

function renderAttributes({ owner, mode }: Unsaid<Extract<TreeStep, { kind: 'set-attributes' }>>): string {
  const parts = [
    ...(owner === undefined ? [] : [`owner ${owner.uid}:${owner.gid}`]),
    ...(mode === undefined ? [] : [`mode ${renderMode(mode)}`]),
  ];
  return parts.join(' and ');
}

/** All of a few names, or the first of many. */
function renderSome(names: readonly string[]): string {
  if (names.length <= 5) return names.join(', ');
  return `${names.length} paths: ${names.slice(0, 3).join(', ')}, …`;
}

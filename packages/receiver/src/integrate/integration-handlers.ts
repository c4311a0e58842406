import { symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Handlers } from '@goldstream/plan';
import {
  linkDurably,
  makeDirectoryDurably,
  removeDurably,
  type SystemBus,
  type Systemctl,
  syncDirectory,
} from '@goldstream/system';
import { ReceiverError } from '../error.ts';
import { bringUp } from './bring-up.ts';
import type { IntegrationStep } from './integration-plan.ts';
import { keepOriginal } from './keep-original.ts';
import { kindAt, lookAtPlace } from './look-at-place.ts';
import { placeFile } from './place-file.ts';
import { removeEmptyDirectory } from './remove-empty-directory.ts';
import { resolveInside } from './resolve-inside.ts';
import { sameFound } from './same-found.ts';
import type { Site } from './site.ts';
import type { Found } from './system-facts.ts';

/**
 * How each step of integration is done. Every one can be done again: what is already as it should be is left alone, and
 * what is neither that nor what the plan saw stops it.
 */
export function integrationHandlers(
  { systemctl, systemBus }: { readonly systemctl: Systemctl; readonly systemBus: SystemBus },
  { root }: Site,
): Handlers<IntegrationStep> {
  return {
    'make-directory': async ({ target, place }) => {
      // With the dot, its own name is followed like those before it: a link to a directory that is not there yet.
      await demandSamePlace(root, `${target}/.`, place);
      await makeDirectoryDurably(place);
    },
    'place-link': async ({ target, place, text, over }) => {
      await demandSamePlace(root, target, place);
      const found = await lookAtPlace(place);
      if (sameFound(found, { kind: 'link', text })) return syncDirectory(dirname(place));
      demandUnchanged(target, found, over);
      if (over.kind !== 'absent') return linkDurably(place, text);
      // symlink(2) replaces nothing.
      await symlink(text, place);
      await syncDirectory(dirname(place));
    },
    'place-file': async ({ target, place, source, over }) => {
      await demandSamePlace(root, target, place);
      const found = await lookAtPlace(place);
      const { sha256, mode, uid, gid } = source;
      if (sameFound(found, { kind: 'file', sha256, mode, uid, gid })) return syncDirectory(dirname(place));
      demandUnchanged(target, found, over);
      await placeFile(place, source, over.kind === 'absent' ? 'create' : 'replace');
    },
    'remove-link': async ({ target, place, text }) => {
      if (await isStill(root, target, place, { kind: 'link', text })) await removeDurably(place);
    },
    'remove-file': async ({ target, place, placed }) => {
      if (await isStill(root, target, place, { kind: 'file', ...placed })) await removeDurably(place);
    },
    'remove-directory': async ({ target, place }) => {
      if (await isStill(root, target, place, { kind: 'directory' })) await removeEmptyDirectory(place);
    },
    'keep-original': ({ place, original, kept }) => keepOriginal(place, original, kept),
    'put-back': async ({ target, place, original, kept = '', over }) => {
      await demandSamePlace(root, target, place);
      const found = await lookAtPlace(place);
      if (sameFound(found, original)) return syncDirectory(dirname(place));
      // Somebody else's by now, like everything that is to be removed and was changed.
      if (!sameFound(found, over)) return;
      if (original.kind === 'link') return linkDurably(place, original.text);
      await placeFile(place, { path: kept, ...original }, over.kind === 'absent' ? 'create' : 'replace');
    },
    'reload-bus': () => systemBus.reloadConfig(),
    'reload-units': () => systemctl.daemonReload(),
    'enable-units': ({ units }) => systemctl.enable(units),
    'disable-units': ({ units }) => systemctl.disable(units),
    'stop-units': ({ units }) => systemctl.stop(units),
    'restart-units': ({ units }) => bringUp(systemctl, 'restart', units),
    'start-units': ({ units }) => bringUp(systemctl, 'start', units),
  };
}

/** A link on the way may have been changed since the plan was made. */
async function demandSamePlace(root: string, target: string, place: string): Promise<void> {
  const now = await resolveInside(root, target);
  if (now.place === place && now.parent !== 'blocked') return;
  throw new ReceiverError('TARGET_CONFLICT', `${target} was ${place} when this was planned, now it is ${now.place}`, {
    hint: 'Run the command again.',
  });
}

function demandUnchanged(target: string, found: Found, over: Found): void {
  if (sameFound(found, over)) return;
  throw new ReceiverError('TARGET_CONFLICT', `${target} was changed since this was planned`, {
    hint: 'Look at it, then run the command again.',
  });
}

/** What is to be removed has proved to be of no use, so something else in its place is simply left. */
async function isStill(root: string, target: string, place: string, expected: Found): Promise<boolean> {
  const now = await resolveInside(root, target);
  if (now.place !== place || (await kindAt(place)) !== expected.kind) return false;
  return sameFound(await lookAtPlace(place), expected);
}

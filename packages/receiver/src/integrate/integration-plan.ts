import type { Step } from '@goldstream/plan';
import type { Placed } from '../state/records.ts';
import type { InstalledComponent } from './installed-component.ts';
import type { CopySource, FileAttributes, Found, Original, Previous } from './system-facts.ts';

/** A step at one place on the system; the place is resolved again and must still be this one. */
interface AtTarget extends Step {
  /** Seen from inside the root. */
  readonly target: string;
  /** Path on this host. */
  readonly place: string;
}

/** Makes a directory and its parents. */
export interface MakeDirectory extends AtTarget {
  readonly kind: 'make-directory';
}

/** Makes a link; `over` is what must be there until then. */
export interface PlaceLink extends AtTarget {
  readonly kind: 'place-link';
  readonly text: string;
  readonly over: Found;
}

/** Makes a file, whole or not at all; `over` is what must be there until then. */
export interface PlaceFile extends AtTarget {
  readonly kind: 'place-file';
  readonly source: CopySource;
  readonly over: Found;
}

/** Removes a link that still says `text`. */
export interface RemoveLink extends AtTarget {
  readonly kind: 'remove-link';
  readonly text: string;
}

/** Removes a file that still is what was placed. */
export interface RemoveFile extends AtTarget {
  readonly kind: 'remove-file';
  readonly placed: FileAttributes & { readonly sha256: string };
}

/** Removes a directory that was made for what is gone, unless something is in it. */
export interface RemoveDirectory extends AtTarget {
  readonly kind: 'remove-directory';
}

/** Keeps a copy of what somebody else has at a target, by its digest, before the target is taken over. */
export interface KeepOriginal extends AtTarget {
  readonly kind: 'keep-original';
  readonly original: Extract<Original, { readonly kind: 'file' }>;
  /** Path of the copy on this host. */
  readonly kept: string;
}

/** Puts back what was there before the target was taken over; `over` is what must be there until then. */
export interface PutBack extends AtTarget {
  readonly kind: 'put-back';
  readonly original: Original;
  /** Path of the copy on this host, of a file. */
  readonly kept?: string;
  readonly over: Found;
}

/** Makes the system bus read its configuration and its service files again. */
export interface ReloadBus extends Step {
  readonly kind: 'reload-bus';
}

/** What systemd can be told about units. */
export type UnitVerb = 'reload' | 'enable' | 'disable' | 'stop' | 'restart' | 'start';

/** Tells systemd something about units. `reload` has none. */
export type ChangeUnits = {
  readonly [Verb in UnitVerb]: Step & { readonly kind: `${Verb}-units`; readonly units: readonly string[] };
}[UnitVerb];

/** All that integration can do. */
export type IntegrationStep =
  | MakeDirectory
  | KeepOriginal
  | PlaceLink
  | PlaceFile
  | RemoveLink
  | RemoveFile
  | RemoveDirectory
  | PutBack
  | ReloadBus
  | ChangeUnits;

/** What happens to units, by name; the steps say the same. Empty but for `enable` and `disable` where no systemd runs. */
export interface UnitChanges {
  readonly reload: boolean;
  readonly enable: readonly string[];
  /** Those that nothing wants to be enabled any more. */
  readonly disable: readonly string[];
  /** Those that the new version has no more. */
  readonly stop: readonly string[];
  /** Together: a changed socket goes down and up with its service. */
  readonly restart: readonly string[];
  readonly start: readonly string[];
}

/** How a deployment is connected to the system, in the three moments of a switch. */
export interface IntegrationPlan {
  /** For the new deployment's record, to be durable before the first step. */
  readonly placed: readonly Placed[];
  readonly enabled: readonly string[];
  /** Units that we had enabled and an operator disabled. */
  readonly disabled: readonly string[];
  /** Before the switch: new names only, nothing that the running version uses changes. */
  readonly before: readonly IntegrationStep[];
  /** Right after the switch: files, what is gone of that which daemons read, then units. */
  readonly after: readonly IntegrationStep[];
  /** After the new deployment proved good: what else only the previous one had. */
  readonly gone: readonly IntegrationStep[];
  readonly units: UnitChanges;
  /** What was left as it is, and why. */
  readonly notes: readonly string[];
}

/** What is integrated once a plan was carried out, for the plan that follows it. */
export function placedBy(plan: IntegrationPlan, components: readonly InstalledComponent[]): Previous {
  const { placed, enabled, disabled } = plan;
  return { placed, enabled, disabled, components };
}

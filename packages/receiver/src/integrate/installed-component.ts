import type { ComponentManifest } from '@goldstream/component';

/** A component as it lies on this host, in the read-only layer that was received. */
export interface InstalledComponent {
  /** Its folder's name in the tree: `stage-1-core-dbus`. */
  readonly name: string;
  /** Its folder on this host, never in an overlay: an operator's edits are not what a version says. */
  readonly folder: string;
  readonly manifest: ComponentManifest;
}

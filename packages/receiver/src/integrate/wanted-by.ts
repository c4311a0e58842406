import { createHash } from 'node:crypto';
import { dropInTarget } from '../boot/render-drop-in.ts';
import type { InstalledComponent } from './installed-component.ts';
import type { Wanted } from './plan-target.ts';
import { type Site, systemLinkText } from './site.ts';
import type { CopySource } from './system-facts.ts';

/**
 * Everything that components want on the system: their files, and for each unit file the drop-in that makes it wait for
 * what it runs from. The drop-in comes first, so that no unit is ever there without.
 */
export function wantedBy(
  site: Site,
  components: readonly InstalledComponent[],
  sources: ReadonlyMap<string, CopySource>,
): readonly Wanted[] {
  return components.flatMap(({ name, manifest: { component, files } }) =>
    files.flatMap(({ path, target, type }): readonly Wanted[] => {
      const link = systemLinkText(site, target, `${name}/${path}`);
      const file = { component, target, type, link, source: sources.get(target) };
      return type === 'systemd-unit' ? [...dropInsFor(site, file), file] : [file];
    }),
  );
}

function dropInsFor(site: Site, { component, target: unit }: Wanted): readonly Wanted[] {
  const { dropIn: text } = site;
  if (text === undefined) return [];
  const target = dropInTarget(unit);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const source = { text, sha256, mode: 0o644, uid: 0, gid: 0 };
  return [{ component, target, type: 'drop-in', link: systemLinkText(site, target), source }];
}

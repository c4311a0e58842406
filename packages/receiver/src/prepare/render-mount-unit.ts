/** Name of the mount unit for a path: systemd.unit(5), “String escaping for inclusion in unit names”. */
export function mountUnitName(path: string): string {
  const trimmed = path.replaceAll(/^\/+|\/+$/g, '').replaceAll(/\/+/g, '/');
  if (trimmed === '') return '-.mount';
  const escaped = trimmed.replaceAll(/^\.|[^A-Za-z0-9:_./]/g, (character) =>
    [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
  );
  return `${escaped.replaceAll('/', '-')}.mount`;
}

/** A mount unit for a loopback pool. */
export function renderMountUnit(
  application: string,
  { what, where }: { readonly what: string; readonly where: string },
): string {
  return [
    '[Unit]',
    `Description=Pool of deployments of ${application}`,
    '',
    '[Mount]',
    `What=${what}`,
    `Where=${where}`,
    'Type=btrfs',
    'Options=loop,noatime',
    '',
    '[Install]',
    'WantedBy=local-fs.target',
    '',
  ].join('\n');
}

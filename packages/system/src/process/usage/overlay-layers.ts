const LAYER = /^(lowerdir\+?|datadir\+|upperdir|workdir)=(.*)$/s;

/**
 * The directories an overlay is made of, as its mount options name them: texts that were resolved when it was mounted,
 * in whatever namespace and working directory that was (kernel documentation, overlayfs).
 */
export function overlayLayers(superOptions: readonly string[]): readonly string[] {
  return superOptions.flatMap((option) => {
    const [, key, value = ''] = LAYER.exec(option) ?? [];
    if (key === undefined) return [];
    // Only `lowerdir` is a list; a colon of a name is escaped in it.
    const parts = key === 'lowerdir' ? value.split(/(?<!\\):/) : [value];
    return parts.filter((part) => part !== '').map((part) => part.replaceAll(/\\(.)/gs, '$1'));
  });
}

/** The flag of an option: `partSize` is typed as `--part-size`. */
export function formatFlag(name: string): string {
  return `--${formatWord(name)}`;
}

/** A name of the code as it is typed and read: `partSize` is `part-size`. */
export function formatWord(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * The words that start this program the way it was started: the interpreter, what it needs to find modules, and the
 * main file or the installed launcher by the name that was called. All absolute, because a unit has no directory and
 * no PATH to go by; a launcher's name and not what it leads to, because that stays when a package is upgraded.
 */
export function ownProgram({ execPath, execArgv, argv }: Pick<NodeJS.Process, 'execPath' | 'execArgv' | 'argv'>) {
  const conditions = execArgv.filter((word) => word.startsWith('--conditions='));
  return [execPath, ...conditions, argv[1] ?? ''] as const;
}

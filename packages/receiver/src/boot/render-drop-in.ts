import { mountService } from './boot-units.ts';

/** Name of the file that makes an installed unit wait; operators' own drop-ins are usually called later names. */
export const DROP_IN = '10-goldstream.conf';

/** Where the drop-in of a unit file lies: systemd.unit(5). */
export function dropInTarget(unitTarget: string): string {
  return `${unitTarget}.d/${DROP_IN}`;
}

/**
 * Makes a unit wait until the deployment it runs from is mounted, and fail when it is not. RequiresMountsFor= could
 * not: it looks at prefixes of paths and not through links, and does not know of a mount that a service makes.
 */
export function renderDropIn(application: string): string {
  const service = mountService(application);
  return `# Written by goldstream-receiver with the unit, and removed with it.\n[Unit]\nRequires=${service}\nAfter=${service}\n`;
}

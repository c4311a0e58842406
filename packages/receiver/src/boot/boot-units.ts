/** Mounts what `current` names, early at boot; the instance is the application. */
export const MOUNT_TEMPLATE = 'goldstream-mount@.service';

/** Starts what is newly wanted and ends a trial, when the host is up; the instance is the application. */
export const RECOVER_TEMPLATE = 'goldstream-recover@.service';

/** The unit that every installed unit of an application waits for. An application's name needs no escaping. */
export function mountService(application: string): string {
  return MOUNT_TEMPLATE.replace('@', `@${application}`);
}

/** The unit that looks at what came up. */
export function recoverService(application: string): string {
  return RECOVER_TEMPLATE.replace('@', `@${application}`);
}

import { fileURLToPath } from 'node:url';

/** The root directory of this checkout. */
export const CHECKOUT = fileURLToPath(new URL('../../../..', import.meta.url));

/** Where a host of a test finds the sources of this project, read-only; their Node is first in its `PATH`. */
export const CHECKOUT_IN_HOST = '/opt/goldstream';

/** The environment of a command on a host of a test. */
export const ENVIRONMENT = {
  HOME: '/root',
  LC_ALL: 'C',
  PATH: `${CHECKOUT_IN_HOST}/node_modules/.bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
  TZ: 'UTC',
};

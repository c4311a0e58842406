import { createRequire } from 'node:module';

/*
 * Node's modules for the network, loaded when one is first used. An `import` would load them with the program, and with
 * `node:http` everything that it can export, a client for WebSockets among it: a tenth of all that `status` takes, also
 * where the store is a directory.
 */
const load = createRequire(import.meta.url);

/** `node:http` */
export const http = (): typeof import('node:http') => load('node:http');

/** `node:https` */
export const https = (): typeof import('node:https') => load('node:https');

/** `node:tls` */
export const tls = (): typeof import('node:tls') => load('node:tls');

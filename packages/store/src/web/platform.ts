/*
 * Node's modules for the network, loaded when one is first used. An `import` would load them with the program, and with
 * `node:http` everything that it can export, a client for WebSockets among it: a tenth of all that `status` takes, also
 * where the store is a directory.
 */

/** `node:http` */
export const http = () => process.getBuiltinModule('node:http');

/** `node:https` */
export const https = () => process.getBuiltinModule('node:https');

/** `node:tls` */
export const tls = () => process.getBuiltinModule('node:tls');

import type { Agent } from 'node:http';
import type { Agent as SecureAgent } from 'node:https';
import { http, https, tls } from './platform.ts';

/** Whom to trust and through whom to go. */
export interface ConnectionOptions {
  /** Certificates of authorities in PEM, trusted beside those of the platform. */
  readonly ca?: readonly string[] | undefined;
  /** Where `http_proxy`, `https_proxy` and `no_proxy` are looked up, also in capitals. Default: the process's own. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** Makes connections of either kind. Idle ones are closed after 5 seconds, and keep no program from ending. */
export type AgentFor = (url: URL) => Agent;

const IDLE_MS = 5_000;

/** Connections as the platform makes them: its authorities, the proxies of the environment. */
export function makeAgents({ ca = [], env = process.env }: ConnectionOptions): AgentFor {
  const options = { keepAlive: true, timeout: IDLE_MS, proxyEnv: env };
  let plain: Agent | undefined;
  let secure: SecureAgent | undefined;
  return ({ protocol }) => {
    if (protocol === 'http:') {
      plain ??= new (http().Agent)(options);
      return plain;
    }
    // One context for all connections: to read hundreds of certificates takes a while.
    secure ??= new (https().Agent)({
      ...options,
      // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
      rejectUnauthorized: true,
      secureContext: tls().createSecureContext({ ca: [...platformAuthorities(), ...ca] }),
    });
    return secure;
  };
}

/**
 * Node's own list with `NODE_EXTRA_CA_CERTS`, and the system's, for which OpenSSL's `SSL_CERT_FILE` and `SSL_CERT_DIR`
 * may stand in.
 */
function platformAuthorities(): string[] {
  return [...new Set([...tls().getCACertificates('default'), ...tls().getCACertificates('system')])];
}

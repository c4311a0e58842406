import { StoreError } from '../error.ts';
import { Transient } from './transient.ts';

/** errno(3) and getaddrinfo(3) codes of what may be over in a moment. */
const PASSING = new Set([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Codes of OpenSSL and `node:tls` for a certificate that is not believed, or a handshake that came to nothing. */
const TLS = /^(CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|ERR_TLS_|ERR_SSL_|EPROTO)/;

/**
 * Why a connection failed: a {@link Transient} when another try may help, else the StoreError `STORE_TLS_FAILED`,
 * `STORE_BAD_ANSWER` (it was no HTTP), `STORE_UNREACHABLE`.
 */
export function connectionFailure(cause: unknown, shown: string): Transient | StoreError {
  if (cause instanceof Transient || cause instanceof StoreError) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no code';
  if (PASSING.has(code)) return new Transient(`could not be read (${code})`, { cause });
  if (TLS.test(code)) {
    return new StoreError('STORE_TLS_FAILED', `${shown}: the server could not prove who it is (${code})`, {
      cause,
      hint: 'If it has a certificate of your own authority, name that in SSL_CERT_FILE; else do not trust it.',
    });
  }
  if (code.startsWith('HPE_')) {
    return new StoreError('STORE_BAD_ANSWER', `${shown} answered with something that is not HTTP (${code})`, { cause });
  }
  return new StoreError('STORE_UNREACHABLE', `${shown} could not be reached (${code})`, {
    // What Node says of a proxy repeats its address, in which there may be a password.
    cause: code.startsWith('ERR_PROXY') ? undefined : cause,
    hint: 'Look at the address, the network and the proxy settings.',
  });
}

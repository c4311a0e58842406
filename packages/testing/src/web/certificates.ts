import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';

/** What a TLS server proves itself with, in PEM. */
export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

/** An authority of a test's own, and a certificate for `localhost` that it signed. */
export interface TestCertificates {
  /** The authority's certificate in PEM. */
  readonly ca: string;
  /** File of `ca`. */
  readonly caFile: string;
  readonly server: ServerCertificate;
}

const EC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];

/** Makes keys and certificates that are valid for two days, by the `openssl` program, in `directory`. */
export async function makeCertificates(directory: string): Promise<TestCertificates> {
  const at = (name: string) => join(directory, name);
  const openssl = (...args: string[]) => systemRunner.run(['openssl', ...args]);

  await openssl(
    'req',
    '-x509',
    ...EC_KEY,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
  );
  await openssl('req', ...EC_KEY, '-keyout', at('server.key'), '-out', at('server.csr'), '-subj', '/CN=localhost');
  await writeFile(at('server.ext'), 'subjectAltName=DNS:localhost\n');
  await openssl(
    'x509',
    '-req',
    '-in',
    at('server.csr'),
    '-CA',
    at('ca.pem'),
    '-CAkey',
    at('ca.key'),
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    at('server.ext'),
    '-out',
    at('server.pem'),
  );
  const read = (name: string) => readFile(at(name), 'utf8');
  return {
    ca: await read('ca.pem'),
    caFile: at('ca.pem'),
    server: { key: await read('server.key'), cert: await read('server.pem') },
  };
}

import { fileURLToPath } from 'node:url';
import {
  CAPABILITIES,
  cli,
  directoryTest,
  makeCertificates,
  requireOrSkip,
  respond,
  type TestCertificates,
  type WebServer,
  withTunnel,
  withWebServer,
} from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { openStore, type StoreOptions } from '../src/index.ts';

const TEXT = 'what is said there';
const program = cli(fileURLToPath(new URL('read-document-main.ts', import.meta.url)));

/** `test` with an authority of its own, and a server on `https://localhost` that it vouches for. */
const secureTest = directoryTest.extend<{ certificates: TestCertificates; server: WebServer }>({
  certificates: async ({ temporaryDirectory, skip }, use) => {
    await requireOrSkip(skip, [CAPABILITIES.openssl]);
    await use(await makeCertificates(temporaryDirectory));
  },
  server: async ({ certificates }, use) => {
    await withWebServer({ certificate: certificates.server }, async (server) => {
      server.serve('/hello', respond.file(TEXT));
      await use(server);
    });
  },
});

const say = async (url: string, options: StoreOptions = {}) =>
  Buffer.from(await openStore(url, 'app', { env: {}, ...options }).readDocument('hello', 100)).toString();

describe('a server that speaks TLS', () => {
  secureTest('is not believed when nobody vouches for it, and not asked twice', async ({ server }) => {
    await expect(say(server.url)).rejects.toMatchObject({ code: 'STORE_TLS_FAILED', exitCode: 7 });
    expect(server.requests).toEqual([]);
  });

  secureTest('is believed by an authority that is handed in', async ({ server, certificates }) => {
    expect(await say(server.url, { ca: [certificates.ca] })).toBe(TEXT);
  });

  secureTest('is not believed under another name than its own', async ({ server, certificates }) => {
    const elsewhere = server.url.replace('localhost', '127.0.0.1');
    await expect(say(elsewhere, { ca: [certificates.ca] })).rejects.toMatchObject({ code: 'STORE_TLS_FAILED' });
  });

  for (const variable of ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE']) {
    secureTest(`is believed by an authority that ${variable} names`, async ({ server, certificates }) => {
      const env = { [variable]: certificates.caFile };
      expect(await program.run([server.url], { env })).toMatchObject({ exitCode: 0, stdout: TEXT });
    });
  }

  secureTest('may not lead to one that does not', async ({ server, certificates }) => {
    await withWebServer({}, async (plain) => {
      plain.serve('/hello', respond.file(TEXT));
      server.serve('/hello', respond.redirect(`${plain.url}/hello`));
      await expect(say(server.url, { ca: [certificates.ca] })).rejects.toMatchObject({ code: 'STORE_BAD_REDIRECT' });
      expect(plain.requests).toEqual([]);

      plain.serve('/hello', respond.redirect(`${server.url}/there/hello`));
      server.serve('/there/hello', respond.file('by a better way'));
      expect(await say(plain.url, { ca: [certificates.ca] })).toBe('by a better way');
    });
  });
});

describe('a proxy', () => {
  directoryTest('of the environment is asked for what is not encrypted', async () => {
    await withWebServer({}, async (proxy) => {
      proxy.serve('/r/hello', respond.file(TEXT));
      const env = { http_proxy: proxy.url };
      expect(await say('http://releases.invalid/r', { env })).toBe(TEXT);
      expect(proxy.requests.map(({ path }) => path)).toEqual(['http://releases.invalid/r/hello']);

      // From the process's own environment, too, under either spelling.
      const inherited = await program.run(['http://releases.invalid/r'], { env: { HTTP_PROXY: proxy.url } });
      expect(inherited).toMatchObject({ exitCode: 0, stdout: TEXT });
    });
  });

  directoryTest('is passed by for hosts that no_proxy names', async () => {
    await withWebServer({}, async (server) => {
      server.serve('/hello', respond.file(TEXT));
      const env = { http_proxy: 'http://proxy.invalid:3128', no_proxy: 'localhost,127.0.0.1' };
      expect(await say(server.url, { env })).toBe(TEXT);
    });
  });

  secureTest('connects to a server that speaks TLS, and sees no more of it', async ({ server, certificates }) => {
    await withTunnel(async (tunnel) => {
      const env = { https_proxy: tunnel.url };
      expect(await say(server.url, { env, ca: [certificates.ca] })).toBe(TEXT);
      expect(tunnel.targets).toEqual([new URL(server.url).host]);
      await expect(say(server.url, { env })).rejects.toMatchObject({ code: 'STORE_TLS_FAILED' });
    });
  });

  secureTest('that refuses is named as the trouble, without its password', async ({ server, certificates }) => {
    await withWebServer({}, async (proxy) => {
      const env = { https_proxy: proxy.url.replace('//', '//user:geheim@') };
      const failure = await say(server.url, { env, ca: [certificates.ca] }).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'STORE_UNREACHABLE' });
      expect(`${failure} ${(failure as Error).cause}`).not.toContain('geheim');
    });
  });

  directoryTest('whose address cannot be read is named as the trouble, without its password', async () => {
    const env = { http_proxy: 'http://user:geheim@:x' };
    const failure = await say('http://releases.invalid', { env }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'STORE_UNREACHABLE' });
    expect(`${failure} ${(failure as Error).cause}`).not.toContain('geheim');
  });
});

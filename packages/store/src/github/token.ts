import { readFileSync } from 'node:fs';
import { StoreError } from '../error.ts';

/** Variables that may hold a token, as GitHub's own programs name them. */
const OF_ENVIRONMENT = ['GITHUB_TOKEN', 'GH_TOKEN'];
const OF_ENTERPRISE = ['GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN'];

/** Where a token may be. */
export interface TokenOptions {
  /** File with nothing but the token. Stands before the environment. */
  readonly tokenFile?: string | undefined;
  /** Default: the process's own. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** Visible ASCII, as every kind of token is; what else is in it would end up in a header field. */
const TOKEN = /^[\x21-\x7e]{1,1024}$/;

/**
 * The token that we show GitHub: of the file that is named, of the file that `GITHUB_TOKEN_FILE` names, of
 * `GITHUB_TOKEN`, of `GH_TOKEN`; for a server that is not the environment's own, `GH_ENTERPRISE_TOKEN` or
 * `GITHUB_ENTERPRISE_TOKEN`: a token is never shown to somebody for whom it was not meant. No message repeats it.
 *
 * @throws StoreError `STORE_UNAUTHORISED` when it cannot be read or cannot be one
 */
export function findToken({ tokenFile, env = process.env }: TokenOptions, isOwnServer: boolean): string | undefined {
  const file = tokenFile ?? (isOwnServer ? env['GITHUB_TOKEN_FILE'] || undefined : undefined);
  if (file !== undefined) return demandToken(readTokenFile(file).trim(), file);
  for (const variable of isOwnServer ? OF_ENVIRONMENT : OF_ENTERPRISE) {
    const { [variable]: value } = env;
    if (value !== undefined && value !== '') return demandToken(value, variable);
  }
  return undefined;
}

function readTokenFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new StoreError('STORE_UNAUTHORISED', `${file} cannot be read, which should hold a token for GitHub`, {
      cause,
      hint: 'Put the token there, readable for root alone.',
    });
  }
}

function demandToken(text: string, where: string): string {
  if (TOKEN.test(text)) return text;
  throw new StoreError('STORE_UNAUTHORISED', `${where} does not hold a token: expected one word of visible ASCII`, {
    hint: 'Put the token there as GitHub showed it, and nothing else.',
  });
}

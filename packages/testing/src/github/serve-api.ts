import type { IncomingMessage } from 'node:http';
import { type Answer, json, notFound, refused } from './answer.ts';
import { assetOperations } from './asset-operations.ts';
import { contentOperations } from './content-operations.ts';
import type { Contract } from './contract.ts';
import { gitOperations } from './git-operations.ts';
import type { Call, Operations } from './operation.ts';
import { releaseOperations } from './release-operations.ts';

/** Above this no request of the API is plausible. Bytes. */
const LARGEST_BODY = 8 * 1024 * 1024;

/** The caller's rights, by his token. */
export interface Rights {
  readonly mayRead: boolean;
  readonly mayWrite: boolean;
}

/** A request of the API, matched with its operation. */
export interface ApiRequest {
  /** GitHub's name of the operation. */
  readonly operation: string;
  /** Does it. What is wrong with the answer is complained of. */
  answer(): Promise<Answer>;
}

/** What the API works with. */
export interface ApiServer {
  readonly contract: Contract;
  readonly context: Omit<Call, 'url' | 'params' | 'query' | 'headers' | 'body' | 'request' | 'mayWrite'>;
  /** Stand before the operations as they should be: to see what a wrong one leads to. */
  readonly instead: Operations;
  /** Hears of every request and answer that GitHub's description forbids. */
  readonly complain: (complaint: string) => void;
}

const OPERATIONS: Operations = { ...releaseOperations, ...assetOperations, ...contentOperations, ...gitOperations };

/** Finds out which operation a request is for; `path`: below the API's address. */
export async function matchApi(
  { contract, context, instead, complain }: ApiServer,
  request: IncomingMessage,
  url: URL,
  path: string,
  rights: Rights,
): Promise<ApiRequest | undefined> {
  const { method = 'GET', headers } = request;
  const { searchParams: query } = url;
  const isJson = /json/.test(headers['content-type'] ?? '') || method === 'PUT' || method === 'PATCH';
  const body = isJson ? await readJson(request) : undefined;
  const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const described = isJson ? { ...plain, 'content-type': 'application/json' } : plain;
  const match = contract({ method, path, query, headers: described, body });
  if (match === undefined) {
    complain(`${method} ${path} is no operation of the description's slice`);
    return undefined;
  }
  const { operation, params, complaints, judge } = match;
  const operate = instead[operation] ?? OPERATIONS[operation];
  const { repository } = context;
  return {
    operation,
    async answer() {
      for (const complaint of complaints) complain(`${operation}, request: ${complaint}`);
      if (complaints.length > 0) return refused('Invalid request.');
      if (operate === undefined) return notFound();
      if (`${params['owner']}/${params['repo']}` !== repository.fullName || !rights.mayRead) return notFound();
      // GitHub does not tell those who may see a repository that they may not write: it says 403.
      if (method !== 'GET' && !rights.mayWrite) {
        return json(403, { message: 'Resource not accessible by personal access token', status: '403' });
      }
      const { mayWrite } = rights;
      const answer = await operate({ ...context, url, params, query, headers, body, request, mayWrite });
      for (const complaint of judge(answer)) complain(`${operation}, answer ${answer.status}: ${complaint}`);
      return answer;
    },
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request) {
    pieces.push(piece);
    length += piece.length;
    if (length > LARGEST_BODY) throw new RangeError(`a request of more than ${LARGEST_BODY} bytes`);
  }
  const text = Buffer.concat(pieces).toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

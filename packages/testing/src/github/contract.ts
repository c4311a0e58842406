import { readFileSync } from 'node:fs';
import { type Operation as DescribedOperation, type Document, OpenAPIBackend } from 'openapi-backend';
import type { Answer } from './answer.ts';

/** A request of the API as far as its description speaks of it. */
export interface DescribedRequest {
  readonly method: string;
  /** Below the API's address. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** A JSON body, parsed. */
  readonly body: unknown;
}

/** What GitHub's own description says of a request. */
export interface Match {
  /** GitHub's name of the operation: `repos/create-release`. */
  readonly operation: string;
  /** What is in braces in the path. */
  readonly params: Readonly<Record<string, string>>;
  /** What is wrong with the request, in words. */
  readonly complaints: readonly string[];
  /** What is wrong with an answer to it. */
  judge(answer: Answer): readonly string[];
}

/** Finds the operation of a request in the description; `undefined` where there is none. */
export type Contract = (request: DescribedRequest) => Match | undefined;

/** GitHub's own description, sliced: `fixtures/github`. Read once for all emulators of a process. */
export async function openContract(): Promise<Contract> {
  opened ??= makeContract();
  return opened;
}

let opened: Promise<Contract> | undefined;

async function makeContract(): Promise<Contract> {
  const file = new URL('../../../../fixtures/github/api.github.com.slice.json', import.meta.url);
  // It is a description in OpenAPI 3: the test of the emulator would fail otherwise.
  const definition = JSON.parse(readFileSync(file, 'utf8'), overlapping) as Document;
  // It is GitHub's, not ours: what ajv finds strange about it is no reason to stop.
  const backend = new OpenAPIBackend({ definition, quick: true, ajvOpts: { strict: false, logger: false } });
  await backend.init();
  return ({ method, path, query, headers, body }) => {
    const request = { method, path, query: query.toString(), headers, body };
    const operation = backend.matchOperation(request);
    if (operation?.operationId === undefined) return undefined;
    const { params } = backend.router.parseRequest(request, operation);
    return {
      operation: operation.operationId,
      // Without a schema that says otherwise, what a path holds is text.
      params: params as Readonly<Record<string, string>>,
      complaints: inWords(backend.validateRequest(request, operation).errors),
      judge: (answer) => [...judgeStatus(operation, answer), ...judgeBody(backend, operation, answer)],
    };
  };
}

/** GitHub's alternatives overlap: what it really answers to a conflict fits two of which `oneOf` wants only one. */
function overlapping(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('oneOf' in value)) return value;
  const { oneOf: anyOf, ...rest } = value;
  return { ...rest, anyOf };
}

/** Every operation may fail in ways that are not described; it succeeds only as described. */
function judgeStatus(operation: DescribedOperation, { status }: Answer): readonly string[] {
  const described = Object.keys(operation.responses ?? {});
  return status >= 400 || described.includes(String(status))
    ? []
    : [`status ${status}, expected one of ${described.join(', ')}`];
}

function judgeBody(backend: OpenAPIBackend, operation: DescribedOperation, answer: Answer): readonly string[] {
  if (answer.content?.kind !== 'json') return [];
  const value = withKnownStates(answer.content.value);
  return inWords(backend.validateResponse(value, operation, answer.status).errors);
}

/** `starter` is in the description's prose alone (see fixtures/github/README.md); there, `open` stands for it. */
function withKnownStates(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, item) => (key === 'state' && item === 'starter' ? 'open' : item));
}

function inWords(
  errors: readonly { readonly instancePath: string; readonly message?: string | undefined }[] | null | undefined,
): readonly string[] {
  return (errors ?? []).map(({ instancePath, message }) => `${instancePath || 'it'} ${message}`);
}

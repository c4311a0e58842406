import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Answer } from './answer.ts';
import type { Repository } from './repository.ts';

/** Addresses that the emulator hands out. */
export interface Addresses {
  /** Of the API: `http://127.0.0.1:PORT/api/v3`, as on GitHub Enterprise Server. */
  readonly api: string;
  /** Of uploads. */
  readonly uploads: string;
  /** Of the pages that people see. */
  readonly site: string;
  /** Of an asset's bytes, on another host, for one use after another until it expires. */
  objectLink(assetId: number): string;
}

/** A request of the API that fits its description. */
export interface Call {
  readonly repository: Repository;
  readonly addresses: Addresses;
  /** As it was asked. */
  readonly url: URL;
  /** What is in braces in the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** A JSON body, parsed. */
  readonly body: unknown;
  /** For what is not JSON. */
  readonly request: IncomingMessage;
  readonly mayWrite: boolean;
  /** A path on disk that nothing has yet. */
  newFile(): string;
}

/** What one operation of the API does. */
export type Operation = (call: Call) => Answer | Promise<Answer>;

/** Operations by GitHub's own name for them. */
export type Operations = Readonly<Record<string, Operation>>;

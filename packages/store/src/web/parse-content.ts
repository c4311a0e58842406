import { StoreError } from '../error.ts';
import { type Identity, identityOf, type ValidatorHeaders } from './identity.ts';

/** The header fields that are read here. */
export interface ContentHeaders extends ValidatorHeaders {
  readonly 'content-encoding'?: string | undefined;
  readonly 'content-length'?: string | undefined;
  readonly 'content-range'?: string | undefined;
}

/** Status and header fields of an answer. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: ContentHeaders;
  /** Whose answer, for messages. */
  readonly shown: string;
}

/** Which bytes of a file follow. */
export interface Content {
  /** Where in the file the first of them is. */
  readonly start: number;
  /** Where in the file they end; unknown where the server does not say. */
  readonly end: number | undefined;
  readonly identity: Identity;
}

/** `bytes 5-9/20` (RFC 9110, section 14.4); 15 digits are below 2^53. */
const CONTENT_RANGE = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/;
const UNSATISFIED_RANGE = /^bytes \*\/(\d{1,15})$/;
const LENGTH = /^\d{1,15}$/;

/**
 * Judges an answer to a question for the bytes from `start` up to, not including, `end`.
 *
 * @param start 0 means that no range was asked for, and none may be answered
 * @returns `undefined` when the file ends before `start`
 * @throws StoreError `STORE_BAD_ANSWER`
 */
export function parseContent(head: AnswerHead, start: number, end: number): Content | undefined {
  const encoding = head.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw bad(head, `as ${encoding}, expected the bytes as they are`);
  }
  if (head.status === 200) return parseWhole(head);
  if (start > 0 && head.status === 206) return parsePart(head, start, end);
  if (start > 0 && head.status === 416) return parseNothing(head, start);
  throw bad(head, `with status ${head.status}, expected 200${start > 0 ? ' or 206' : ''}`);
}

function parseWhole(head: AnswerHead): Content {
  const end = parseLength(head);
  return { start: 0, end, identity: identityOf(head.headers, end) };
}

function parsePart(head: AnswerHead, start: number, end: number): Content {
  const range = head.headers['content-range'] ?? 'none';
  const [, first, last, size] = CONTENT_RANGE.exec(range) ?? [];
  const total = size === undefined || size === '*' ? undefined : Number(size);
  const wanted = `${start} to ${Number.isFinite(end) ? end - 1 : 'the end'}`;
  const after = Number(last) + 1;
  if (Number(first) !== start || !(after > start) || after > Math.min(end, total ?? end)) {
    throw bad(head, `with Content-Range ${range}, expected bytes ${wanted}`);
  }
  const length = parseLength(head);
  if (length !== undefined && length !== after - start) {
    throw bad(head, `with ${length} bytes under Content-Range ${range}`);
  }
  return { start, end: after, identity: identityOf(head.headers, total) };
}

function parseNothing(head: AnswerHead, start: number): undefined {
  const range = head.headers['content-range'] ?? 'none';
  const [, total] = UNSATISFIED_RANGE.exec(range) ?? [];
  if (total !== undefined && Number(total) <= start) return undefined;
  throw bad(head, `that it has no bytes from ${start} on (Content-Range ${range})`);
}

function parseLength(head: AnswerHead): number | undefined {
  const length = head.headers['content-length'];
  if (length === undefined) return undefined;
  if (LENGTH.test(length)) return Number(length);
  throw bad(head, `with Content-Length ${length}`);
}

function bad({ shown }: AnswerHead, how: string): StoreError {
  return new StoreError('STORE_BAD_ANSWER', `${shown} answered ${how}`, {
    hint: 'Tell who runs the server, or the proxy before it.',
  });
}

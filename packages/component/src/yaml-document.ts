import { Composer, type CST, type Document, isAlias, isMap, isScalar, isSeq, LineCounter, Parser } from 'yaml';
import { ComponentError } from './error.ts';
import type { Location } from './location.ts';

/** More than any recipe needs, and little enough that hostile text costs milliseconds. In UTF-16 units. */
const MAX_LENGTH = 256 * 1024;
/** Lists and mappings inside each other. A manifest needs 3. */
const MAX_DEPTH = 16;

/** Names the way from the top of a document to a value in it. */
export type DocumentPath = readonly PropertyKey[];

/** YAML as plain data, with the way back to the text. */
export interface YamlDocument {
  /** Strings, lists and null-prototype objects; nothing else. An empty value is the empty string. */
  readonly value: unknown;
  /** Where the value at `path` begins; for a path that is not there, its nearest ancestor's place. */
  locate(path: DocumentPath): Location;
  /** Where `key` itself is written in the mapping at `path`. */
  locateKey(path: DocumentPath, key: string): Location;
}

/**
 * Reads the part of YAML that recipes are written in: one document of mappings, lists and scalars.
 *
 * Every scalar stays the text it was written as (YAML's failsafe schema): whether `0755`, `1.0` or `no` is a mode,
 * a version or a boolean is decided by the schema of its key, not by how it happens to look. Aliases and tags are
 * refused, so nothing can expand.
 *
 * @throws ComponentError `COMPONENT_NOT_YAML`, `COMPONENT_YAML_LIMIT`, `COMPONENT_YAML_FEATURE`, `COMPONENT_DUPLICATE_KEY`
 */
export function readYaml(text: string, file: string): YamlDocument {
  const lines = new LineCounter();
  const at = (offset: number): Location => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (text.length > MAX_LENGTH) {
    throw new ComponentError('COMPONENT_YAML_LIMIT', at(0), `is longer than ${MAX_LENGTH} characters`);
  }
  const contents: unknown = compose(text, lines, at).contents;
  return {
    value: toPlain(contents, at),
    locate: (path) => at(offsetOf(nodeAt(contents, path))),
    locateKey: (path, key) => at(offsetOf(pairOf(nodeAt(contents, path), key)?.key)),
  };
}

function compose(text: string, lines: LineCounter, at: (offset: number) => Location): Document {
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  // Before composing, which recurses: a line of 100 000 brackets must not reach it.
  for (const token of tokens) refuseDepth(token, at);
  const composer = new Composer({ schema: 'failsafe', merge: false, prettyErrors: false, uniqueKeys: false });
  const [document, second] = composer.compose(tokens, true, text.length);
  const error = document?.errors[0];
  if (error !== undefined) throw new ComponentError('COMPONENT_NOT_YAML', at(error.pos[0]), error.message);
  if (second !== undefined) {
    throw new ComponentError('COMPONENT_NOT_YAML', at(second.range[0]), 'a second document begins here, expected one');
  }
  if (document === undefined) throw new ComponentError('COMPONENT_NOT_YAML', at(0), 'holds no YAML document');
  return document;
}

function refuseDepth(token: CST.Token, at: (offset: number) => Location, depth = 0): void {
  if (depth > MAX_DEPTH) {
    throw new ComponentError('COMPONENT_YAML_LIMIT', at(token.offset), `is nested deeper than ${MAX_DEPTH} levels`);
  }
  if (token.type === 'document' && token.value) refuseDepth(token.value, at, depth);
  if (!('items' in token)) return;
  for (const { key, value } of token.items) {
    if (key) refuseDepth(key, at, depth + 1);
    if (value) refuseDepth(value, at, depth + 1);
  }
}

function toPlain(node: unknown, at: (offset: number) => Location): unknown {
  refuseFeatures(node, at);
  if (isSeq(node)) return node.items.map((item) => toPlain(item, at));
  if (!isMap(node)) return isScalar(node) ? String(node.value ?? '') : '';
  const plain: Record<string, unknown> = Object.create(null);
  for (const { key, value } of node.items) {
    refuseFeatures(key, at);
    if (!isScalar(key)) throw new ComponentError('COMPONENT_BAD_VALUE', at(offsetOf(key)), 'a key must be a word');
    const name = String(key.value ?? '');
    if (Object.hasOwn(plain, name)) {
      throw new ComponentError('COMPONENT_DUPLICATE_KEY', at(offsetOf(key)), `${name} is set twice`, {
        hint: 'Remove one of them.',
      });
    }
    plain[name] = toPlain(value, at);
  }
  return plain;
}

function refuseFeatures(node: unknown, at: (offset: number) => Location): void {
  const feature = isAlias(node) ? 'an alias' : tagOf(node) === undefined ? undefined : `the tag ${tagOf(node)}`;
  if (feature === undefined) return;
  throw new ComponentError('COMPONENT_YAML_FEATURE', at(offsetOf(node)), `${feature} is used, expected plain values`, {
    hint: 'Write the value out.',
  });
}

function tagOf(node: unknown): string | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node.tag : undefined;
}

function nodeAt(contents: unknown, path: DocumentPath): unknown {
  let node = contents;
  for (const step of path) {
    const inner: unknown = isSeq(node) ? node.items[Number(step)] : pairOf(node, step)?.value;
    if (inner === undefined || inner === null) break;
    node = inner;
  }
  return node;
}

function pairOf(node: unknown, key: PropertyKey) {
  return isMap(node) ? node.items.find((pair) => isScalar(pair.key) && pair.key.value === key) : undefined;
}

function offsetOf(node: unknown): number {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? (node.range?.[0] ?? 0) : 0;
}

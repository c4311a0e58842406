import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { jsonSchemaOf, type PublishedDocument } from './json-schema.ts';

const PUBLISHED = new URL('../../../docs/schema/', import.meta.url);
const FIXTURES = new URL('../../../fixtures/release/', import.meta.url);
const PAGE = readFileSync(new URL('../formats.md', PUBLISHED), 'utf8');
const schemaText = (document: string) => readFileSync(new URL(`${document}-v1.schema.json`, PUBLISHED), 'utf8');

describe.each<PublishedDocument>(['manifest', 'channel', 'keys'])('the published schema: %s', (document) => {
  it('is what the parser has', () => {
    expect(JSON.parse(schemaText(document))).toEqual(jsonSchemaOf(document));
  });

  it('has no field that its section of docs/formats.md does not explain', () => {
    const title = { manifest: 'Release manifest', channel: 'Channel', keys: 'Keys document' }[document];
    const [, section = ''] = PAGE.split(new RegExp(`^## ${title}$`, 'm'));
    const [text = ''] = section.split(/^## /m);
    const explained = new Set(text.match(/\w+/g));
    expect(fieldsOf(jsonSchemaOf(document)).filter((field) => !explained.has(field))).toEqual([]);
  });
});

describe.each(['channel', 'keys'])('the published schema: %s', (document) => {
  const schema = z.fromJSONSchema(JSON.parse(schemaText(document)));
  const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`${document}/${name}`, FIXTURES), 'utf8'));

  it('takes a document with every field', () => {
    expect(schema.safeParse(read('full.json')).error).toBeUndefined();
  });

  it.each(
    readdirSync(new URL(`${document}/malformed/`, FIXTURES)).filter((name) =>
      /slash|missing|zero|short|without-(reason|digest|start)/.test(name),
    ),
  )('refuses %s', (name) => {
    expect(schema.safeParse(read(`malformed/${name}`)).success).toBe(false);
  });
});

/** The names of all fields, however deep. */
function fieldsOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? Object.keys(schema.properties ?? {}) : [];
  return [...new Set([...own, ...Object.values(schema).flatMap(fieldsOf)])];
}

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { jsonSchemaOf, type PublishedDocument } from './json-schema.ts';

const PUBLISHED = new URL('../../../docs/schema/', import.meta.url);
const FIXTURES = new URL('../../../fixtures/release/', import.meta.url);
const schemaText = (document: string) => readFileSync(new URL(`${document}-v1.schema.json`, PUBLISHED), 'utf8');

describe.each<PublishedDocument>(['manifest', 'channel', 'keys'])('the published schema: %s', (document) => {
  it('is what the parser has', () => {
    expect(JSON.parse(schemaText(document))).toEqual(jsonSchemaOf(document));
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

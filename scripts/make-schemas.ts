// Writes docs/schema/*.schema.json from the parsers' own schemas; with --check, fails when a file is not what it would
// write. Run it after a change of a document's fields: node --conditions=source scripts/make-schemas.ts
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSchemaOf, type PublishedDocument } from '@goldstream/release';

/** Of biome.json. */
const LINE_WIDTH = 120;

const DIRECTORY = 'docs/schema';
const DOCUMENTS: readonly PublishedDocument[] = ['manifest', 'channel', 'keys'];

const check = process.argv.includes('--check');
if (!check) mkdirSync(DIRECTORY, { recursive: true });

for (const document of DOCUMENTS) {
  const file = join(DIRECTORY, `${document}-v1.schema.json`);
  const text = `${joinShortLists(JSON.stringify(jsonSchemaOf(document), null, 2))}\n`;
  if (!check) writeFileSync(file, text);
  else if (readIfThere(file) !== text) {
    console.error(`${file} is not what the schema says: run node --conditions=source scripts/make-schemas.ts`);
    process.exitCode = 1;
  }
}

/** As the formatter of this repository has it: lists of plain values on one line where they fit. */
function joinShortLists(json: string): string {
  return json.replace(
    /^(.*)\[\n\s+([^[\]{}]*?)\n\s+\](,?)$/gm,
    (whole, before: string, list: string, comma: string) => {
      const joined = `${before}[${list.replace(/,\n\s+/g, ', ')}]${comma}`;
      return joined.length <= LINE_WIDTH ? joined : whole;
    },
  );
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseComponentManifest, parseGolden } from './index.ts';

const FOLDER = fileURLToPath(new URL('../../../fixtures/component/malformed/', import.meta.url));
const PARSERS = { golden: parseGolden, manifest: parseComponentManifest };

describe('the catalogue of malformed files', () => {
  for (const name of readdirSync(FOLDER).sort()) {
    it(`refuses ${name.replace(/\.yaml$/, '').replaceAll('-', ' ')} and says where`, () => {
      const text = readFileSync(FOLDER + name, 'utf8');
      const [, kind = '', code, place] = /^# (golden|manifest) (\w+) (\d+:\d+)\n/.exec(text) ?? [];
      // The pattern names the two keys of PARSERS; a first line without it fails the expectation below.
      const parse = PARSERS[kind as keyof typeof PARSERS] ?? (() => undefined);
      expect(() => parse(text, name)).toThrowError(
        expect.objectContaining({ code, category: 'input', message: expect.stringContaining(`${name}:${place}: `) }),
      );
    });
  }
});

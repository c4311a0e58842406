import * as z from 'zod';
import { channelSchema } from './channel-schema.ts';
import { keysSchema } from './keys-schema.ts';
import { manifestSchema } from './manifest-schema.ts';

const SCHEMA_OF = { manifest: manifestSchema, channel: channelSchema, keys: keysSchema } as const;

const TITLE_OF = { manifest: 'Release manifest', channel: 'Channel', keys: 'Keys document' } as const;

/** A document whose schema is published. */
export type PublishedDocument = keyof typeof SCHEMA_OF;

/**
 * The shape of a document as JSON Schema (draft 2020-12), for other programs. It says less than the parsers here do:
 * what one field means for another, the order of lists and the canonical form of the text are in `docs/formats.md`.
 */
export function jsonSchemaOf(document: PublishedDocument): object {
  const schema = z.toJSONSchema(SCHEMA_OF[document], {
    io: 'input',
    // What only code can judge describes itself by its `meta`.
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'undefined') jsonSchema.not = {};
    },
  });
  const $comment = 'Rules that no schema can express are in docs/formats.md.';
  return { ...schema, title: `${TITLE_OF[document]}, format 1.x`, $comment };
}

import { describe, expectTypeOf, it } from 'vitest';
import type { Values } from './index.ts';

describe('the values of a command', () => {
  it('have the types that its declaration promises', () => {
    type Actual = Values<
      {
        from: { type: 'string'; summary: ''; optional: true };
        to: { type: 'parsed'; summary: ''; parse: (text: string) => URL };
        rest: { type: 'integer'; summary: ''; variadic: true };
      },
      {
        channel: { type: 'string'; summary: ''; default: 'stable' };
        store: { type: 'string'; summary: ''; required: true };
        key: { type: 'string'; summary: '' };
        partSize: { type: 'size'; summary: ''; default: '1GiB' };
        level: { type: 'integer'; summary: '' };
        edited: { type: 'choice'; summary: ''; choices: readonly ['keep', 'vendor'] };
        parent: { type: 'string'; summary: ''; repeatable: true };
        force: { type: 'boolean'; summary: '' };
      }
    >;
    expectTypeOf<{ [Name in keyof Actual]: Actual[Name] }>().toEqualTypeOf<{
      readonly from: string | undefined;
      readonly to: URL;
      readonly rest: readonly number[];
      readonly channel: string;
      readonly store: string;
      readonly key: string | undefined;
      readonly partSize: number;
      readonly level: number | undefined;
      readonly edited: 'keep' | 'vendor' | undefined;
      readonly parent: readonly string[];
      readonly force: boolean;
    }>();
  });
});

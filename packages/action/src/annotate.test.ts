import { describe, expect, it } from 'vitest';
import { annotationOf } from './annotate.ts';

const failure = { code: 'COMPONENT_UNKNOWN_KEY', category: 'input', because: [] };

describe('an annotation', () => {
  it('is at the line of the recipe that is to blame', () => {
    const message = 'golden/stage-1/manifest.yaml:7:5: unknown key tyep';
    expect(annotationOf({ ...failure, message, hint: 'Write type.' })).toEqual({
      title: 'COMPONENT_UNKNOWN_KEY',
      message: `COMPONENT_UNKNOWN_KEY: ${message}\nWrite type.`,
      file: 'golden/stage-1/manifest.yaml',
      startLine: 7,
      startColumn: 5,
    });
  });

  it('finds the line in what was the cause', () => {
    const cause = { code: 'COMPONENT_BAD_VALUE', message: 'golden/golden.yaml:2:1: no size' };
    expect(annotationOf({ ...failure, message: 'stopped', because: [cause] })).toMatchObject({
      title: 'COMPONENT_BAD_VALUE',
      file: 'golden/golden.yaml',
      startLine: 2,
    });
  });

  it('is nowhere in particular for what no recipe is to blame for', () => {
    expect(annotationOf({ ...failure, message: 'no space: 1:2:3' })).toEqual({
      title: 'COMPONENT_UNKNOWN_KEY',
      message: 'COMPONENT_UNKNOWN_KEY: no space: 1:2:3',
    });
  });
});

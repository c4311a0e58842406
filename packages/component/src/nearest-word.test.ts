import { describe, expect, it } from 'vitest';
import { nearestWord } from './nearest-word.ts';

describe('nearestWord', () => {
  it.each([
    ['part_size', 'partSize'],
    ['sorces', 'sources'],
    ['levle', 'level'],
    ['Key', 'key'],
  ])('takes %s for %s', (word, meant) => {
    expect(nearestWord(word, ['partSize', 'sources', 'level', 'key', 'store'])).toBe(meant);
  });

  it('knows nothing close to a word of another kind', () => {
    expect(nearestWord('compression', ['partSize', 'sources', 'level'])).toBeUndefined();
  });
});

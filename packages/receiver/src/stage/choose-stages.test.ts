import { describe, expect, it } from 'vitest';
import { chooseStage, chooseStages } from './choose-stages.ts';

const STAGES = [
  { name: 'stage-1-core-dbus', number: 1 },
  { name: 'stage-3-numa-cache', number: 3 },
  { name: 'stage-12-more', number: 12 },
  { name: 'empty', number: undefined },
];

describe('the stage that a word means', () => {
  it.each(['stage-3-numa-cache', 'stage-3', '3'])('is found as %s', (word) => {
    expect(chooseStage(word, STAGES).name).toBe('stage-3-numa-cache');
  });

  it('is found in the order of deployment, each once', () => {
    expect(chooseStages(['12', 'stage-1', '1'], STAGES).map(({ name }) => name)).toEqual([
      'stage-1-core-dbus',
      'stage-12-more',
    ]);
  });

  it.each([
    ['stage-3-numacache', 'Write stage-3-numa-cache'],
    ['numa-cache', 'Write stage-3-numa-cache'],
    ['2', 'stage list'],
    ['stage-1-', 'stage list'],
  ])('is none for %s, with the nearest name', (word, hint) => {
    expect(() => chooseStage(word, STAGES)).toThrowError(
      expect.objectContaining({ code: 'STAGE_UNKNOWN', hint: expect.stringContaining(hint) }),
    );
  });

  it('is not guessed when two have the number', () => {
    expect(() => chooseStage('3', [...STAGES, { name: 'stage-3-other', number: 3 }])).toThrowError(
      expect.objectContaining({ code: 'STAGE_UNKNOWN', message: expect.stringContaining('stage-3-other') }),
    );
  });
});

import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Intent } from '../state/intent.ts';
import { type Circumstances, type Current, decide, MAX_STARTS, type Place, placeOf, RECOVERY } from './table.ts';

const PLACES = ['none', 'from', 'to', 'other'] as const satisfies readonly Place[];
const COMMAND: Circumstances = { moment: 'command' };

const INTENTS = {
  receiving: { kind: 'receiving', version: 'v2.0.0', incoming: '.incoming-0000000000000000', newestIdBefore: 260 },
  naming: {
    kind: 'naming',
    incoming: '.incoming-0000000000000000',
    record: {
      status: 'received',
      version: 'v2.0.0',
      at: '2026-11-22T03:00:00.000Z',
      uuid: 'a',
      transid: 1,
      hostCtransid: 2,
      subvolumeUuid: 'b',
      how: 'full',
      signers: [],
    },
  },
  staging: { kind: 'staging', number: 2 },
  switching: { kind: 'switching', from: 1, to: 2, begun: '2026-11-22T03:00:00.000Z', stops: [], starts: 0 },
  returning: {
    kind: 'returning',
    from: 2,
    to: 1,
    stops: [],
    failed: { at: '2026-11-22T03:00:00.000Z', reason: 'op.service failed' },
  },
  exchanging: { kind: 'exchanging', stage: 'stage-1-core', from: 1, to: 2, newestIdBefore: 260, snapshots: [] },
  removing: { kind: 'removing', placed: [], enabled: [], disabled: [], stages: [] },
  pruning: { kind: 'pruning', deployments: [1], versions: [{ version: 'v1.0.0', uuid: 'c' }] },
} as const satisfies { [Kind in Intent['kind']]: Extract<Intent, { kind: Kind }> };

/** Every cell, written down a second time: who changes the table changes this, and thinks twice. */
const EXPECTED: { readonly [Kind in Intent['kind']]: string } = {
  receiving: 'discard-incoming discard-incoming discard-incoming discard-incoming',
  naming: 'name-received name-received name-received name-received',
  staging: 'discard-staged discard-staged leave discard-staged',
  switching: 'undo undo finish leave',
  returning: 'return return return leave',
  exchanging: 'put-back put-back put-back leave',
  removing: 'go-on-removing go-on-removing go-on-removing go-on-removing',
  pruning: 'go-on-pruning go-on-pruning go-on-pruning go-on-pruning',
};

describe('the table of recovery', () => {
  for (const [kind, actions] of Object.entries(EXPECTED) as [Intent['kind'], string][]) {
    it.each(PLACES.map((place, index) => [place, actions.split(' ')[index]] as const))(
      `of ${kind}, when current names %s, says %s`,
      (place, action) => {
        expect(RECOVERY[kind][place].action).toBe(action);
        expect(RECOVERY[kind][place].because).not.toBe('');
      },
    );
  }

  it('is the one in docs/formats.md', async () => {
    const document = await readFile(new URL('../../../../docs/formats.md', import.meta.url), 'utf8');
    expect(document).toContain(renderTable());
  });
});

describe('the place of current', () => {
  it.each<[keyof typeof INTENTS, Current, Place]>([
    ['switching', 1, 'from'],
    ['switching', 2, 'to'],
    ['switching', 'nothing', 'none'],
    ['switching', 3, 'other'],
    ['switching', 'foreign', 'other'],
    ['returning', 2, 'from'],
    ['returning', 1, 'to'],
    ['returning', 'nothing', 'none'],
    ['returning', 'foreign', 'other'],
    ['exchanging', 1, 'from'],
    ['exchanging', 2, 'to'],
    ['exchanging', 'nothing', 'none'],
    ['exchanging', 'foreign', 'other'],
    ['staging', 2, 'to'],
    ['staging', 1, 'other'],
    ['staging', 'nothing', 'none'],
    ['receiving', 1, 'other'],
    ['receiving', 'nothing', 'none'],
    ['naming', 1, 'other'],
    ['pruning', 'nothing', 'none'],
  ])('of %s, when it names %s, is %s', (kind, current, place) => {
    expect(placeOf(INTENTS[kind], current)).toBe(place);
  });

  it('is an end of the intent when that end is nothing at all', () => {
    expect(placeOf({ ...INTENTS.switching, from: undefined }, 'nothing')).toBe('from');
    const { to: _, ...first } = INTENTS.returning;
    expect(placeOf(first, 'nothing')).toBe('to');
  });
});

describe('decide', () => {
  const pending = (intent: Intent) => ({ since: '2026-11-22T03:00:00.000Z', intent });

  it('does nothing where nothing was begun, whatever current names', () => {
    for (const current of [1, 'nothing', 'foreign'] as const) {
      for (const moment of ['command', 'early', 'late'] as const) {
        expect(decide(undefined, current, { moment }).action).toBe('nothing');
      }
    }
  });

  it.each(Object.values(INTENTS))('takes the cell of $kind at every moment', (intent) => {
    for (const current of [1, 2, 3, 'nothing', 'foreign'] as const) {
      for (const moment of ['command', 'early', 'late'] as const) {
        expect(decide(pending(intent), current, { moment })).toBe(RECOVERY[intent.kind][placeOf(intent, current)]);
      }
    }
  });

  it('gives up what failed on trial, with the reason, and undoes what failed before', () => {
    const failure = 'op.service failed after the switch';
    expect(decide(pending(INTENTS.switching), 2, { ...COMMAND, failure })).toEqual({
      action: 'give-up',
      because: failure,
    });
    expect(decide(pending(INTENTS.switching), 1, { ...COMMAND, failure }).action).toBe('undo');
    expect(decide(pending(INTENTS.returning), 2, { ...COMMAND, failure }).action).toBe('return');
  });

  it('gives up nothing that is good already, whatever fails then', () => {
    for (const failure of [undefined, 'no space']) {
      expect(decide(pending(INTENTS.switching), 2, { moment: 'command', failure, judged: true }).action).toBe('tidy');
    }
    const often = pending({ ...INTENTS.switching, starts: MAX_STARTS });
    expect(decide(often, 2, { moment: 'early', judged: true }).action).toBe('tidy');
    expect(decide(often, 1, { ...COMMAND, judged: true }).action).toBe('undo');
  });

  it(`gives up a trial at the start after the ${MAX_STARTS}rd, before services start, and at no other moment`, () => {
    for (let starts = 0; starts <= MAX_STARTS + 1; starts++) {
      const switching = pending({ ...INTENTS.switching, starts });
      expect(decide(switching, 2, { moment: 'early' }).action).toBe(starts < MAX_STARTS ? 'finish' : 'give-up');
      expect(decide(switching, 2, { moment: 'late' }).action).toBe('finish');
      expect(decide(switching, 2, COMMAND).action).toBe('finish');
      expect(decide(switching, 1, { moment: 'early' }).action).toBe('undo');
    }
  });
});

/** The table as the document shows it. */
function renderTable(): string {
  const rows = Object.entries(RECOVERY).map(([kind, cells]) => {
    const shown = PLACES.map((place) => cells[place].action);
    return `| \`${kind}\` | ${shown.join(' | ')} |`;
  });
  return ['| intent | none | from | to | other |', '|---|---|---|---|---|', ...rows].join('\n');
}

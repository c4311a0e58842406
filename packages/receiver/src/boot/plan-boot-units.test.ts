import { describe, expect, it } from 'vitest';
import { layoutOf } from '../host/layout.ts';
import type { BootFacts } from './facts.ts';
import { planBootUnits } from './plan-boot-units.ts';

const NAMES = ['goldstream-mount@.service', 'goldstream-recover@.service'] as const;
const LIVE = layoutOf('/', 'app');

/** A host on which both units are in place, but for what a test says. */
function facts(given: Partial<BootFacts> & { found?: string | undefined } = {}): BootFacts {
  const { found = 'now', ...others } = given;
  return {
    files: NAMES.map((name) => ({
      name,
      path: `/etc/systemd/system/${name}`,
      content: 'now',
      found: 'found' in given ? given.found : found,
    })),
    enabled: enabled('enabled'),
    mountActive: true,
    missing: [],
    ...others,
  };
}

function enabled(state: string): ReadonlyMap<string, string> {
  return new Map(NAMES.map((name) => [name.replace('@', '@app'), state]));
}

const says = (given: BootFacts, layout = LIVE) => planBootUnits(layout, given).steps.map((step) => step.says);

describe('planBootUnits', () => {
  it('writes, enables and starts on a host that has nothing yet', () => {
    expect(says(facts({ found: undefined, enabled: enabled('not-found'), mountActive: false }))).toEqual([
      'write goldstream-mount@.service, for every boot',
      'write goldstream-recover@.service, for every boot',
      'enable goldstream-mount@app.service',
      'enable goldstream-recover@app.service',
      'start goldstream-mount@app.service',
    ]);
  });

  it('finds nothing to do when all is in place', () => {
    expect(planBootUnits(LIVE, facts())).toEqual({ steps: [], notes: [] });
  });

  it('writes anew what another version of this program wrote, and has it read again', () => {
    expect(says(facts({ found: 'before' }))).toEqual([
      'write goldstream-mount@.service anew, for every boot',
      'write goldstream-recover@.service anew, for every boot',
      'enable goldstream-mount@app.service',
      'enable goldstream-recover@app.service',
    ]);
  });

  it('enables what an interrupted run only wrote', () => {
    expect(says(facts({ enabled: enabled('disabled') }))).toEqual([
      'enable goldstream-mount@app.service',
      'enable goldstream-recover@app.service',
    ]);
  });

  it('refuses units that would run what is not there', () => {
    expect(() => planBootUnits(LIVE, facts({ missing: ['/gone/main.js'] }))).toThrow(
      expect.objectContaining({ code: 'PREPARE_NO_PROGRAM', message: expect.stringContaining('/gone/main.js') }),
    );
  });

  it('says of a tree what it lacks until it can boot', () => {
    const { notes } = planBootUnits(layoutOf('/mnt/host', 'app'), facts({ missing: ['/usr/bin/node'] }));
    expect(notes).toEqual([expect.stringContaining('/usr/bin/node, which the units run at boot, is not in /mnt/host')]);
  });
});

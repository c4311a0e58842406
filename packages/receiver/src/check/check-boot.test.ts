import { describe, expect, it } from 'vitest';
import type { BootFacts } from '../boot/facts.ts';
import { renderBootUnits } from '../boot/render-boot-unit.ts';
import { judgeBoot } from './check-boot.ts';

const UNITS = renderBootUnits(['/usr/bin/node', '/usr/bin/goldstream-receiver']);

/** Both units in place, but for what a test says. */
function facts(given: Partial<BootFacts> & { edit?: (content: string) => string | undefined } = {}): BootFacts {
  const { edit = (content) => content, ...others } = given;
  return {
    files: UNITS.map((unit) => ({ ...unit, path: `/etc/systemd/system/${unit.name}`, found: edit(unit.content) })),
    enabled: new Map([['goldstream-mount@app.service', 'enabled']]),
    mountActive: true,
    missing: [],
    ...others,
  };
}

describe('judgeBoot', () => {
  it('is content with units that are in place, also when they run another copy of the program', () => {
    expect(judgeBoot(facts(), [])).toMatchObject({ verdict: 'ok' });
    const elsewhere = (content: string) => content.replace('/usr/bin/goldstream', '/opt/goldstream/bin/goldstream');
    expect(judgeBoot(facts({ edit: elsewhere }), [])).toMatchObject({ verdict: 'ok' });
  });

  it.each<[string, BootFacts, readonly string[]]>([
    ['is not installed', facts({ edit: () => undefined }), []],
    ['is not as this version writes it', facts({ edit: (content) => content.replace('Before=', '# Before=') }), []],
    ['is not as this version writes it', facts({ edit: () => '' }), []],
    ['which is not there', facts(), ['/usr/bin/node']],
    [
      'goldstream-mount@app.service is disabled',
      facts({ enabled: new Map([['goldstream-mount@app.service', 'disabled']]) }),
      [],
    ],
  ])('fails when one %s', (found, given, missing) => {
    expect(judgeBoot(given, missing)).toMatchObject({ verdict: 'fail', found: expect.stringContaining(found) });
  });

  it('warns when it is not active on a host that runs', () => {
    expect(judgeBoot(facts({ mountActive: false }), [])).toMatchObject({ verdict: 'warn' });
  });
});

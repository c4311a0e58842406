import type { Version } from '@goldstream/release';
import { describe, expect, it } from 'vitest';
import type { HostFacts } from '../host/facts.ts';
import { planPin } from './plan-pin.ts';

describe('planPin', () => {
  it('adds a version to the sorted list', () => {
    const { steps } = planPin(host({ pins: ['v2.0.0'], present: ['v1.0.0'] }), { version: 'v1.0.0', remove: false });
    expect(steps).toMatchObject([{ kind: 'write-pins', pins: ['v1.0.0', 'v2.0.0'] }]);
  });

  it('takes a version out, also one that is gone', () => {
    const { steps } = planPin(host({ pins: ['v1.0.0', 'v2.0.0'] }), { version: 'v1.0.0', remove: true });
    expect(steps).toMatchObject([{ pins: ['v2.0.0'] }]);
  });

  it.each([
    { pins: ['v1.0.0'], remove: false },
    { pins: [], remove: true },
  ])('has nothing to do when it is so already ($remove)', ({ pins, remove }) => {
    expect(planPin(host({ pins }), { version: 'v1.0.0', remove }).steps).toEqual([]);
  });

  it('refuses to promise to keep what is not here', () => {
    expect(() => planPin(host({}), { version: 'v1.0.0', remove: false })).toThrowError(
      expect.objectContaining({ code: 'DEPLOY_NO_SUCH_VERSION' }),
    );
  });
});

function host({ pins = [], present = [] }: { pins?: readonly string[]; present?: readonly Version[] }): HostFacts {
  // The plan looks at nothing else.
  return { pins: new Set(pins), present } as unknown as HostFacts;
}

import { expect, it } from 'vitest';
import { mountLimits } from './mount-limits.ts';

const NOTHING = { suid: false, capabilities: false, dev: false };

it('lifts from the mounts of deployments what a setting needs to work, and nothing else', () => {
  expect(mountLimits(NOTHING)).toEqual(['nosuid', 'nodev']);
  expect(mountLimits({ ...NOTHING, suid: true })).toEqual(['nodev']);
  expect(mountLimits({ ...NOTHING, capabilities: true })).toEqual(['nodev']);
  expect(mountLimits({ ...NOTHING, dev: true })).toEqual(['nosuid']);
});

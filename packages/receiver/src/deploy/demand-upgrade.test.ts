import type { Version } from '@goldstream/release';
import { describe, expect, it } from 'vitest';
import { deployment } from '../../test/host-facts.ts';
import { demandUpgrade } from './plan-deploy.ts';

const ACTIVE = deployment(2, 'v1.3.0');

describe('demandUpgrade', () => {
  it.each<[string, Version, Version | undefined]>([
    ['a newer version', 'v1.4.0', undefined],
    ['the same version again', 'v1.3.0', undefined],
    ['a newer version, FROM being so', 'v1.4.0', 'v1.3.0'],
    ['the release after its candidate', 'v1.3.1-rc.1', 'v1.3.0'],
  ])('takes %s', (_, version, from) => {
    expect(() => demandUpgrade(ACTIVE, version, { from, goesBack: false })).not.toThrow();
  });

  it('takes an older version that a signed downgrade leads to', () => {
    expect(() => demandUpgrade(ACTIVE, 'v1.2.9', { from: undefined, goesBack: true })).not.toThrow();
  });

  it('takes any version where nothing is active', () => {
    expect(() => demandUpgrade(undefined, 'v0.0.1', { from: undefined, goesBack: false })).not.toThrow();
  });

  it.each<[string, ReturnType<typeof deployment> | undefined, Version, Version | undefined, string, string]>([
    ['a FROM that is not active', ACTIVE, 'v1.4.0', 'v1.2.0', 'DEPLOY_WRONG_FROM', 'found v1.3.0 active'],
    ['a FROM where nothing is active', undefined, 'v1.4.0', 'v1.2.0', 'DEPLOY_WRONG_FROM', 'found nothing active'],
    ['an older version', ACTIVE, 'v1.2.9', undefined, 'DEPLOY_OLDER_THAN_ACTIVE', 'v1.2.9 is older than v1.3.0'],
    ['a candidate of what is active', ACTIVE, 'v1.3.0-rc.2', undefined, 'DEPLOY_OLDER_THAN_ACTIVE', 'is older'],
    ['an older version, FROM being so', ACTIVE, 'v1.2.9', 'v1.3.0', 'DEPLOY_OLDER_THAN_ACTIVE', 'is older'],
  ])('refuses %s', (_, active, version, from, code, message) => {
    expect(() => demandUpgrade(active, version, { from, goesBack: false })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});

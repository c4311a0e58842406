import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Capability, requireOrSkip } from './capability.ts';

const here: Capability = { name: 'paper', isThere: async () => true };
const missing: Capability = { name: 'a printer', isThere: async () => false };

afterEach(() => vi.unstubAllEnvs());

describe('requireOrSkip', () => {
  it('goes on when everything is there', async () => {
    const skip = vi.fn();
    await requireOrSkip(skip, [here]);
    expect(skip).not.toHaveBeenCalled();
  });

  it('skips by the name of what is missing', async () => {
    vi.stubEnv('CI', '');
    const skip = vi.fn();
    await requireOrSkip(skip, [here, missing]);
    expect(skip).toHaveBeenCalledWith('needs a printer');
  });

  it('fails in CI instead', async () => {
    vi.stubEnv('CI', 'true');
    const skip = vi.fn();
    await expect(requireOrSkip(skip, [missing])).rejects.toMatchObject({ code: 'TESTING_CAPABILITY_MISSING' });
    expect(skip).not.toHaveBeenCalled();
  });
});

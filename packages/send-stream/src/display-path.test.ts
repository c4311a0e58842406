import { expect, it } from 'vitest';
import { displayPath } from './index.ts';

it('escapes a path as btrfs receive --dump does', () => {
  expect(displayPath(Buffer.from('a b\\\t\n\x1b\x01caf\xe9/~', 'latin1'))).toBe('a\\ b\\\\\\t\\n\\e\\001caf\\351/~');
});

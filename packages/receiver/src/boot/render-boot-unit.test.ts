import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { programOf, renderBootUnits } from './render-boot-unit.ts';

const PROGRAM = ['/usr/bin/node', '/usr/bin/goldstream-receiver'];

describe('renderBootUnits', () => {
  it.each(renderBootUnits(PROGRAM))('writes $name', async ({ name, content }) => {
    const expected = new URL(`../../../../fixtures/expected/receiver/${name}`, import.meta.url);
    await expect(content).toMatchFileSnapshot(fileURLToPath(expected));
  });

  it.each([PROGRAM, ['/opt/my programs/node', '--conditions=source', '/50%/main.ts']])(
    'tells what the units run: %s',
    (...program) => {
      for (const { content } of renderBootUnits(program)) expect(programOf(content)).toEqual(program);
    },
  );

  it('finds no program in a file that somebody else wrote', () => {
    expect(programOf('[Service]\nExecStart=/usr/bin/true\n')).toBeUndefined();
    expect(programOf('')).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { gatherCircumstances } from './circumstances.ts';
import { actorSchema } from './entry.ts';

describe('gatherCircumstances', () => {
  it('tells who runs this process, and who sudo says it was', async () => {
    const { by } = await gatherCircumstances({ SUDO_UID: '1000' });
    expect(by).toMatchObject({ uid: process.geteuid?.(), sudoUid: 1000 });
    expect(actorSchema.parse(by)).toEqual(by);
  });

  it.each(['', '-1', '0x10', '1e3', '4294967295', '99999999999', 'root\n{'])('takes no SUDO_UID “%s”', async (text) => {
    expect((await gatherCircumstances({ SUDO_UID: text })).by).not.toHaveProperty('sudoUid');
  });
});

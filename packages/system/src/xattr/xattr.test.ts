import { describe, expect, it } from 'vitest';
import { parseGetfattr } from './parse-getfattr.ts';
import { renderRestore } from './render-restore.ts';

async function* linesOf(text: string) {
  yield* text.split('\n');
}

async function parse(text: string) {
  const found = [];
  for await (const one of parseGetfattr(linesOf(text))) found.push(one);
  return found;
}

describe('parseGetfattr', () => {
  it('undoes the octal escapes in paths and names, and keeps bytes that are not UTF-8', async () => {
    const dump = '# file: /a b\\012\\134c\xff=d\nuser.empty=0x\nuser.we\\075ird=0x00ff\n\n';
    expect(await parse(dump)).toEqual([
      {
        path: '/a b\n\\c\xff=d',
        xattrs: new Map([
          ['user.empty', ''],
          ['user.we=ird', '00ff'],
        ]),
      },
    ]);
  });

  it('refuses a line that is neither a file nor an attribute', async () => {
    await expect(parse('# file: /a\nuser.x="text"\n\n')).rejects.toMatchObject({ code: 'TOOL_FAILED' });
  });

  it('refuses output that ends in the middle of a file', async () => {
    await expect(parse('# file: /a\nuser.x=0x01')).rejects.toMatchObject({ code: 'TOOL_FAILED' });
  });

  it('reads back what renderRestore writes', async () => {
    const one = { path: '/x\\y\r\n=\xfe', xattrs: new Map([['user.\\n=', 'c0ffee']]) };
    expect(await parse(renderRestore(one.path, one.xattrs))).toEqual([one]);
  });
});

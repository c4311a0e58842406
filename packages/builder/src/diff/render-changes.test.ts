import type { Changes } from '@goldstream/send-stream';
import { describe, expect, it } from 'vitest';
import { changesDocument } from './changes-document.ts';
import { renderChanges } from './render-changes.ts';
import { renderChangesMarkdown } from './render-changes-markdown.ts';

const CHANGES: Changes = {
  created: [
    { path: 'bin/new', type: 'file', bytes: 2048, carried: 2048 },
    { path: 'etc/link', type: 'symlink', target: '../x' },
  ],
  changed: [
    { path: 'bin/tool', type: 'file', bytes: 5, carried: 5, metadata: { mode: '0755' } },
    { path: 'lib/large', type: 'file', bytes: 3 * 1024 * 1024, carried: 4096 },
    { path: 'lib/other', type: 'file', replaced: true, bytes: 0, carried: 0 },
  ],
  removed: [{ path: 'old', type: 'directory' }],
  renamed: [{ from: 'a', to: 'b', type: 'directory' }],
  links: [{ path: 'bin/again', to: 'bin/new' }],
  metadata: [{ path: 'etc', owner: '0:0', xattrs: ['user.x'] }],
};
const HEAD = {
  version: 1,
  kind: 'incremental' as const,
  name: 'v1.1.0',
  uuid: '11111111-2222-3333-4444-555555555555',
  transid: 7n,
  parent: { uuid: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee', transid: 5n },
};
const documentOf = (changes: Partial<Changes>) =>
  changesDocument(
    HEAD,
    { created: [], changed: [], removed: [], renamed: [], links: [], metadata: [], ...changes },
    { application: 'shop', parentVersion: 'v1.0.0' },
  );

describe('changes as text', () => {
  it('are a line of totals and a line for each', () => {
    expect(renderChanges(documentOf(CHANGES))).toMatchInlineSnapshot(`
      "v1.1.0 from v1.0.0: 2 created, 3 changed, 1 removed, 1 renamed, 1 hard-linked, 1 with other metadata only; 3.0 MiB of contents set anew
        + bin/new  (2.0 KiB)
        + etc/link  (symlink to ../x)
        ~ bin/tool  (5 B, mode 0755)
        ~ lib/large  (3.0 MiB)
        ~ lib/other  (0 B, replaced)
        - old  (directory)
        > a → b  (directory)
        = bin/again → bin/new
        m etc  (owner 0:0, extended attributes user.x)
      "
    `);
  });

  it('say when there are none', () => {
    expect(renderChanges(documentOf({}))).toBe('v1.1.0 from v1.0.0: nothing changed\n');
  });
});

describe('changes as markdown', () => {
  it('name the largest first', () => {
    expect(renderChangesMarkdown(documentOf(CHANGES))).toMatchInlineSnapshot(`
      "# Changes in shop v1.1.0

      Since v1.0.0: 2 created, 3 changed, 1 removed, 1 renamed, 1 hard-linked, 1 with other metadata only; 3.0 MiB of contents set anew.

      ## Changed

      - \`lib/large\`: 3.0 MiB
      - \`bin/tool\`: 5 B, mode 0755
      - \`lib/other\`: 0 B, replaced

      ## Created

      - \`bin/new\`: 2.0 KiB
      - \`etc/link\`: symlink to \`../x\`

      ## Removed

      - \`old\`: directory

      ## Renamed

      - \`a\` → \`b\`: directory

      ## Hard links

      - \`bin/again\` → \`bin/new\`

      ## Metadata only

      - \`etc\`: owner 0:0, extended attributes \`user.x\`
      "
    `);
  });

  it('have a limited length, however much changed and however long names are', () => {
    const created = Array.from({ length: 10_000 }, (_, index) => ({
      path: `${'deep/'.repeat(700)}${index}`,
      type: 'file' as const,
      bytes: index,
    }));
    const text = renderChangesMarkdown(documentOf({ created }));
    expect(text).toContain('\n- and 9975 more\n');
    expect(text.length).toBeLessThan(10_000);
    expect(text.indexOf('9999`')).toBeLessThan(text.indexOf('9998`'));
  });

  it.each([
    ['<script>alert(1)</script>', '`<script>alert(1)</script>`'],
    ['[click](https://example.com)', '`[click](https://example.com)`'],
    ['a`b', '``a`b``'],
    ['``` evil', '```` ``` evil ````'],
    [' padded ', '`  padded  `'],
    ['  ', '`  `'],
  ])('show the name %j as %j', (path, shown) => {
    const text = renderChangesMarkdown(documentOf({ removed: [{ path, type: 'other' }] }));
    expect(text.split('\n')).toContain(`- ${shown}`);
  });
});

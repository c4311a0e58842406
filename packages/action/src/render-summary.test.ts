import { describe, expect, it } from 'vitest';
import { outputsOf } from './outputs.ts';
import type { Released } from './released.ts';
import { renderSummary } from './render-summary.ts';

const MIB = 1024 * 1024;

const RELEASED: Released = {
  version: 'v1.3.0',
  manifestSha256: 'ab'.repeat(32),
  page: { id: 7, url: 'https://github.com/octo/app/releases/tag/v1.3.0' },
  streams: [
    { kind: 'full', rawBytes: 8 * MIB, assets: [{ name: 'app-v1.3.0.full.btrfs.zst', bytes: 4 * MIB }] },
    {
      kind: 'incremental',
      parent: { version: 'v1.2.0' },
      rawBytes: 3 * MIB,
      assets: [{ name: 'app-v1.3.0.from-v1.2.0.btrfs.zst', bytes: MIB }],
    },
  ],
  deltas: [
    {
      parent: { version: 'v1.2.0' },
      sentBytes: MIB,
      wastedBytes: 512,
      advice: [{ says: '3 files were rewritten.', advice: 'Keep what did not change.' }],
    },
  ],
};

describe('the summary of a job', () => {
  it('tells assets, ways, changes and advice', () => {
    expect(renderSummary(RELEASED, '# Changes\n\n- `bin/app`: 22 B\n')).toMatchInlineSnapshot(`
      "## [v1.3.0](https://github.com/octo/app/releases/tag/v1.3.0)

      | asset | size | raw stream |
      |---|--:|--:|
      | \`app-v1.3.0.full.btrfs.zst\` | 4.0 MiB | 8.0 MiB |
      | \`app-v1.3.0.from-v1.2.0.btrfs.zst\` | 1.0 MiB | 3.0 MiB |

      \`\`\`mermaid
      graph LR
        nothing(["nothing"]) -- "4.0 MiB" --> v1.3.0(["v1.3.0"])
        v1.2.0(["v1.2.0"]) -- "1.0 MiB" --> v1.3.0(["v1.3.0"])
      \`\`\`

      <details><summary>What changed</summary>

      # Changes

      - \`bin/app\`: 22 B


      </details>

      <details><summary>Advice of the delta doctor</summary>

      - from v1.2.0: 3 files were rewritten. Keep what did not change.

      </details>"
    `);
  });

  it('says of a first release what there is to say', () => {
    const { page: _, ...first } = { ...RELEASED, streams: RELEASED.streams.slice(0, 1), deltas: [] };
    const text = renderSummary(first, undefined);
    expect(text).toMatch(/^## v1\.3\.0\n/);
    expect(text).not.toMatch(/What changed|Advice/);
  });

  it('cuts off changes that would be too much, at the end of a line', () => {
    const text = renderSummary(RELEASED, '- one more file\n'.repeat(10_000));
    expect(text.length).toBeLessThan(60_000);
    expect(text).toContain("- one more file\n\n… the release's changes.md has the rest.");
  });
});

describe('the outputs', () => {
  it('are text, with JSON where there are several values', () => {
    expect(outputsOf(RELEASED)).toEqual({
      version: 'v1.3.0',
      'release-id': '7',
      'release-url': 'https://github.com/octo/app/releases/tag/v1.3.0',
      'manifest-digest': 'ab'.repeat(32),
      sizes: JSON.stringify([
        { parent: null, assets: 1, bytes: 4 * MIB, rawBytes: 8 * MIB },
        { parent: 'v1.2.0', assets: 1, bytes: MIB, rawBytes: 3 * MIB },
      ]),
      'delta-ratio': '{"v1.2.0":0.25}',
    });
  });
});

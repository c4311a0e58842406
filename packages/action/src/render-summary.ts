import { formatBytes } from '@goldstream/cli';
import { downloadBytes, type Released } from './released.ts';

/**
 * The summary of a job, in GitHub's Markdown: what to download, which version leads to which, what changed, and what the
 * delta doctor advises.
 *
 * @param changes the release's own changes.md; undefined for a first release
 */
export function renderSummary(released: Released, changes: string | undefined): string {
  const { version, page } = released;
  return [
    `## ${page === undefined ? version : `[${version}](${page.url})`}`,
    table(released),
    graph(released),
    ...(changes === undefined ? [] : [details('What changed', bounded(changes))]),
    ...doctor(released),
  ].join('\n\n');
}

function table({ streams }: Released): string {
  const rows = streams.flatMap((stream) =>
    stream.assets.map(({ name, bytes }) => `| \`${name}\` | ${formatBytes(bytes)} | ${formatBytes(stream.rawBytes)} |`),
  );
  return ['| asset | size | raw stream |', '|---|--:|--:|', ...rows].join('\n');
}

/** An arrow for every way to this version. Versions are the only names in it, and they hold nothing that Mermaid reads. */
function graph({ version, streams }: Released): string {
  const arrows = streams.map((stream) => {
    const from = stream.kind === 'full' ? 'nothing' : stream.parent.version;
    return `  ${from}(["${from}"]) -- "${formatBytes(downloadBytes(stream))}" --> ${version}(["${version}"])`;
  });
  return ['```mermaid', 'graph LR', ...arrows, '```'].join('\n');
}

function doctor({ deltas }: Released): string[] {
  const advice = deltas.flatMap(({ parent, advice: all }) =>
    all.map(({ says, advice: todo }) => `- from ${parent.version}: ${says} ${todo}`),
  );
  return advice.length === 0 ? [] : [details('Advice of the delta doctor', advice.join('\n'))];
}

function details(title: string, text: string): string {
  return `<details><summary>${title}</summary>\n\n${text}\n\n</details>`;
}

/** A step's summary may have 1 MiB, and whoever reads it wants less. */
const MOST_CHARACTERS = 50_000;

function bounded(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  return `${text.slice(0, text.lastIndexOf('\n', MOST_CHARACTERS))}\n\n… the release's changes.md has the rest.`;
}

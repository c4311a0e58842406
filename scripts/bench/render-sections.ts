import { type Figure, isMissed, type Section } from './figure.ts';

/** The table that people read: a part for each section, its commands below it. */
export function renderSections(sections: readonly Section[]): string {
  const rows = sections.flatMap(({ figures }) => figures.map(row));
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = ([what = '', value = '', target = '', mark = '', made = '']: readonly string[]) => {
    const [first = 0, second = 0, third = 0] = widths;
    return `  ${what.padEnd(first)}  ${value.padStart(second)}  ${target.padStart(third)}  ${mark.padEnd(6)}  ${made}`.trimEnd();
  };
  return sections
    .map(({ title, figures, commands }) =>
      [title, ...figures.map((figure) => line(row(figure))), ...commands.map((command) => `  $ ${command}`)].join('\n'),
    )
    .join('\n\n');
}

/** How a value is written in its unit. */
export function renderValue(value: number, unit: Figure['unit']): string {
  if (unit === 'ratio') return value.toFixed(2);
  if (unit === 'seconds') return value < 1 ? `${(value * 1000).toFixed(0)} ms` : `${value.toFixed(2)} s`;
  if (unit === 'bytes/second') return `${(value / 1e6).toFixed(0)} MB/s`;
  if (unit === '/second') return `${(value / 1e3).toFixed(0)}k/s`;
  return value < 1e6 ? `${(value / 1e3).toFixed(1)} kB` : `${(value / 1e6).toFixed(1)} MB`;
}

function row(figure: Figure): string[] {
  const { what, value, unit, made = '' } = figure;
  const target = renderTarget(figure);
  const mark = target === '' ? '' : isMissed(figure) ? 'MISSED' : 'ok';
  return [what, renderValue(value, unit), target, mark, made];
}

function renderTarget({ unit, atMost, atLeast }: Figure): string {
  if (atMost !== undefined) return `≤ ${renderValue(atMost, unit)}`;
  return atLeast === undefined ? '' : `≥ ${renderValue(atLeast, unit)}`;
}

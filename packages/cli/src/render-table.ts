/** One column of a table. */
export interface Column<Row> {
  readonly title: string;
  /** The cell as text. */
  readonly cell: (row: Row) => string;
  /** Default: left. */
  readonly align?: 'left' | 'right';
}

/**
 * Rows as aligned text with a line of titles; no trailing spaces; empty when there are no rows.
 * Widths count code points, which is right for the names, sizes and times shown here.
 */
export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  if (rows.length === 0) return '';
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => widthOf(line[index]))));
  const render = (line: readonly string[]) =>
    line.map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align)).join('  ');
  return lines.map((line) => `${render(line).trimEnd()}\n`).join('');
}

function pad(cell: string, width: number, align: 'left' | 'right' = 'left'): string {
  const gap = ' '.repeat(width - widthOf(cell));
  return align === 'right' ? gap + cell : cell + gap;
}

function widthOf(cell = ''): number {
  return [...cell].length;
}

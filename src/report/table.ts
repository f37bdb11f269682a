import { printable } from './words.ts';

/** Columns padded to their widest cell; the first row is the heading. Widths count code points. */
export function table(cells: readonly (readonly string[])[]): string {
  const rows = cells.map(row => row.map(printable));
  const width = (text: string): number => Array.from(text).length;
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => width(row[column] ?? ''))));
  return rows
    .map(row =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell)))
        .join('  ')
        .trimEnd(),
    )
    .map(line => `${line}\n`)
    .join('');
}

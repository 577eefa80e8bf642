/** Plain tables for the terminal. */

/** Pads columns to their widest cell; the first is left-aligned, the others right-aligned. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  const [head, ...body] = rows.map(line);
  return [head, '-'.repeat(head.length), ...body].join('\n');
}

/** Two decimals below 100, one above. */
export const formatNumber = (value: number): string => value.toFixed(Math.abs(value) < 100 ? 2 : 1);

/** The rows of a table as spreadsheets save it: with another delimiter, decimal commas, a `sep=` line, empty rows. */

import Papa from 'papaparse';

export interface Row {
  /** Cells that are not empty, by the name of their column, in lower case unless asked otherwise. */
  readonly cells: Readonly<Record<string, string>>;
  /** The file and the number of the row as a spreadsheet counts, for errors. */
  readonly subject: string;
  /** `, column G` for errors; empty where there is no column of that name. */
  columnOf(name: string): string;
}

const delimiters = [',', ';', '\t', '|'];
/** Columns of words, which may hold what looks like a number. */
const words = ['picture', 'model', 'scheme', 'name', 'corrected'];
const withComma = /^[-+]?\d+,\d+(e[-+]?\d+)?$/i;
const withPoint = /^[-+]?\d*\.\d+(e[-+]?\d+)?$/i;

/** The names in the heading, as they are but without spaces around them. */
export function headingOf(text: string): string[] {
  const { body, delimiter } = opened(text);
  const { data } = Papa.parse<string[]>(body.trimStart(), { delimiter, preview: 1 });
  return (data[0] ?? []).map((name) => name.trim());
}

/** @throws naming the file and the line of a stray quote, or the row whose number of cells differs from the heading's. */
export function readRows(text: string, file: string, { keepsCase = false } = {}): Row[] {
  const { body, delimiter } = opened(text);
  const { data, errors } = Papa.parse<string[]>(body, { delimiter });
  const quote = errors.find(({ type }) => type === 'Quotes');
  if (quote) {
    const line = body.slice(0, quote.index).split(/\r\n?|\n/).length;
    throw new Error(`${file}, line ${line}: a stray quote`);
  }
  const filled = data
    .map((row, index) => ({ cells: withoutEmptyEnd(row), width: row.length, number: index + 1 }))
    .filter(({ cells }) => cells.length > 0);
  const [heading, ...rows] = filled;
  if (!heading) return [];
  const columns = heading.cells.map((name) => (keepsCase ? name.trim() : name.trim().toLowerCase()));
  const twice = columns.find((column, i) => column !== '' && columns.indexOf(column) < i);
  if (twice !== undefined) throw new Error(`${file}: has the column ${twice} twice`);
  const last = rows.at(-1);
  const commasCount = areCommasDecimal(
    rows.map(({ cells }) => cells),
    columns,
    delimiter,
  );
  const columnOf = (name: string) => {
    const index = columns.indexOf(name);
    return index < 0 ? '' : `, column ${letterOf(index)}`;
  };
  const thousands = thousandsAmong(rows, columns, delimiter);
  if (thousands) {
    const { row, index } = thousands;
    const place = `${file}, row ${row.number}, column ${letterOf(index)}`;
    throw new Error(`${place}: "${row.cells[index].trim()}" may be thousands or a fraction`);
  }
  return rows.map((row) => {
    const subject = `${file}, row ${row.number}`;
    // Spreadsheets leave out empty cells at the end of rows; a file without an end of its last line may have been cut off, within a face.
    const isCut =
      row === last &&
      !/[\r\n]\s*$/.test(body) &&
      columns.slice(row.width).some((column) => !column.startsWith('spread'));
    if (row.cells.length > columns.length || (row.width < columns.length && isCut))
      throw new Error(`${subject}: has ${row.width} cells, the heading ${columns.length}`);
    const entries = columns.flatMap((column, i) => {
      const cell = row.cells[i]?.trim() ?? '';
      if (cell === '') return [];
      const isDecimal = commasCount && !words.includes(column) && withComma.test(cell);
      return [[column, isDecimal ? cell.replace(',', '.') : cell] as const];
    });
    return { cells: Object.fromEntries(entries), subject, columnOf };
  });
}

/** The text after a byte order mark and a `sep=` line, neither of which is a row, and the delimiter. */
function opened(text: string): { body: string; delimiter: string } {
  const body = text.replace(/^\ufeff/, '');
  const stated = /^"?sep=(.)"?[ \t;,]*(\r\n?|\n)/i.exec(body);
  if (stated) return { body: body.slice(stated[0].length), delimiter: stated[1] };
  const heading = body.trimStart().split(/\r\n?|\n/, 1)[0];
  const countOf = (delimiter: string) => heading.split(delimiter).length;
  const delimiter = delimiters.reduce((most, one) => (countOf(one) > countOf(most) ? one : most));
  return { body, delimiter };
}

function withoutEmptyEnd(row: readonly string[]): string[] {
  const last = row.findLastIndex((cell) => cell.trim() !== '');
  return row.slice(0, last + 1);
}

/**
 * Whether `10,5` is ten and a half: not where other numbers have a point, and not where each could be thousands, as in
 * `"1,234"` between commas.
 */
function areCommasDecimal(
  rows: readonly (readonly string[])[],
  columns: readonly string[],
  delimiter: string,
): boolean {
  const numbers = rows.flatMap((row) =>
    row.filter((_, i) => !words.includes(columns[i])).map((cell) => cell.trim()),
  );
  if (numbers.some((cell) => withPoint.test(cell))) return false;
  const commas = numbers.filter((cell) => withComma.test(cell));
  return delimiter !== ',' || commas.some((cell) => !/,\d{3}$/.test(cell));
}

/**
 * Where a coordinate may be 1294 as well as 1.294: all that have a comma, or a point between semicolons, have three digits behind
 * it, and the others, below a thousand, are whole. Null where nothing may be.
 */
function thousandsAmong<R extends { readonly cells: readonly string[] }>(
  rows: readonly R[],
  columns: readonly string[],
  delimiter: string,
): { row: R; index: number } | null {
  if (delimiter === ',') return null;
  const coordinates = rows.flatMap((row) =>
    row.cells.flatMap((cell, index) =>
      /^[xy]\d*$/.test(columns[index] ?? '') ? [{ row, index, cell: cell.trim() }] : [],
    ),
  );
  const isThousands = (cell: string) =>
    /^-?[1-9]\d{0,2},\d{3}$/.test(cell) || (delimiter === ';' && /^-?[1-9]\d{0,2}\.\d{3}$/.test(cell));
  const isWhole = (cell: string) => /^-?\d{1,3}$/.test(cell);
  const numbers = coordinates.filter(({ cell }) => /^[-+]?[\d.,]+$/.test(cell));
  const first = numbers.find(({ cell }) => isThousands(cell));
  const areOthersWhole = numbers.every(({ cell }) => isThousands(cell) || isWhole(cell));
  return first && areOthersWhole && numbers.some(({ cell }) => isWhole(cell)) ? first : null;
}

/** `A` to `Z`, `AA`, … as spreadsheets name columns. */
function letterOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : letterOf(Math.floor(index / 26) - 1) + letter;
}

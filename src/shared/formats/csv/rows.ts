/** The rows of a table as spreadsheets save it: with another delimiter, decimal commas, a `sep=` line, empty rows. */

import Papa from 'papaparse';
import { AmbiguousNumber, numberStyle } from './number-style';

export interface Row {
  /** Cells that are not empty, by the name of their column, in lower case unless asked otherwise. */
  readonly cells: Readonly<Record<string, string>>;
  /** The file and the number of the row as a spreadsheet counts, for errors. */
  readonly subject: string;
  /** `, column G` for errors; empty where there is no column of that name. */
  columnOf(name: string): string;
}

const delimiters = [',', ';', '\t', '|'];
/** Columns of numbers, which tell how these are written, and columns of words, which may hold what looks like a number. */
const numeric = /^(width|height|face|point|score|confidence|spread\d*|[xy]_?\d*)$/;
const words = ['picture', 'model', 'scheme', 'name', 'corrected'];

/** The names in the heading, as they are but without spaces around them. */
export function headingOf(text: string): string[] {
  const { body, delimiter } = opened(text);
  const { data } = Papa.parse<string[]>(body.trimStart(), { delimiter, preview: 1 });
  return (data[0] ?? []).map((name) => name.trim());
}

/** @throws naming the file and the line of a stray quote, or the row whose number of cells differs from the heading's. */
export function readRows(text: string, file: string, { keepsCase = false } = {}): Row[] {
  const { body, delimiter, titles } = opened(text);
  const { data, errors } = Papa.parse<string[]>(body, { delimiter });
  const quote = errors.find(({ type }) => type === 'Quotes');
  if (quote) {
    const line = titles + body.slice(0, quote.index).split(/\r\n?|\n/).length;
    throw new Error(`${file}, line ${line}: a stray quote`);
  }
  const filled = data
    .map((row, index) => ({ cells: withoutEmptyEnd(row), width: row.length, number: titles + index + 1 }))
    .filter(({ cells }) => cells.length > 0);
  const [heading, ...rows] = filled;
  if (!heading) return [];
  const columns = heading.cells.map((name) => (keepsCase ? name.trim() : name.trim().toLowerCase()));
  const twice = columns.find((column, i) => column !== '' && columns.indexOf(column) < i);
  if (twice !== undefined) throw new Error(`${file}: has the column ${twice} twice`);
  const last = rows.at(-1);
  const columnOf = (name: string) => {
    const index = columns.indexOf(name);
    return index < 0 ? '' : `, column ${letterOf(index)}`;
  };
  const plain = styleOf(rows, columns, delimiter, file);
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
      return [[column, words.includes(column) ? cell : plain(cell)] as const];
    });
    return { cells: Object.fromEntries(entries), subject, columnOf };
  });
}

interface Opened {
  readonly body: string;
  readonly delimiter: string;
  /** Rows before the heading. */
  readonly titles: number;
}

/** The text after a byte order mark, a `sep=` line, neither of which is a row, and a title, as Numbers writes over a table. */
function opened(text: string): Opened {
  const whole = text.replace(/^\ufeff/, '');
  const stated = /^"?sep=(.)"?[ \t;,]*(\r\n?|\n)/i.exec(whole);
  if (stated) return { body: whole.slice(stated[0].length), delimiter: stated[1], titles: 0 };
  const [title, first, second] = /^\s*(.*)(?:\r\n?|\n)+(.*)/.exec(whole) ?? [];
  const isTitle = title !== undefined && delimiterOf(first) === null && delimiterOf(second) !== null;
  const body = isTitle ? whole.slice(title.length - second.length) : whole;
  const titles = isTitle ? whole.slice(0, whole.length - body.length).split(/\r\n?|\n/).length - 1 : 0;
  const heading = body.trimStart().split(/\r\n?|\n/, 1)[0];
  return { body, delimiter: delimiterOf(heading) ?? ',', titles };
}

/** Null for a line of one cell. */
function delimiterOf(line: string): string | null {
  const countOf = (delimiter: string) => line.split(delimiter).length;
  const delimiter = delimiters.reduce((most, one) => (countOf(one) > countOf(most) ? one : most));
  return countOf(delimiter) > 1 ? delimiter : null;
}

/** @throws naming the cell of a number that may be two */
function styleOf(
  rows: readonly { readonly cells: readonly string[]; readonly number: number }[],
  columns: readonly string[],
  delimiter: string,
  file: string,
): (cell: string) => string {
  const cells = rows.flatMap((row) =>
    row.cells.flatMap((cell, index) => {
      const column = columns[index] ?? '';
      if (!numeric.test(column)) return [];
      return { cell: cell.trim(), isCoordinate: /^[xy]_?\d*$/.test(column), row, index };
    }),
  );
  try {
    return numberStyle(cells, delimiter);
  } catch (thrown) {
    if (!(thrown instanceof AmbiguousNumber)) throw thrown;
    const { row, index } = thrown.where as (typeof cells)[number];
    throw new Error(`${file}, row ${row.number}, column ${letterOf(index)}: ${thrown.message}`, {
      cause: thrown,
    });
  }
}

function withoutEmptyEnd(row: readonly string[]): string[] {
  const last = row.findLastIndex((cell) => cell.trim() !== '');
  return row.slice(0, last + 1);
}

/** `A` to `Z`, `AA`, … as spreadsheets name columns. */
function letterOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : letterOf(Math.floor(index / 26) - 1) + letter;
}

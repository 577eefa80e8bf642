/** Reads `.pts` files as programs and people write them. What could mean two things is refused by its line. */

import type { Points } from '../../../engine/types';
import { numberOf, placeOf, splitterOf, withPlainNan } from '../numbers';

interface Row {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  /** NaN for a missing coordinate. */
  readonly values: readonly number[];
}

interface Line {
  readonly line: number;
  readonly text: string;
}

/**
 * Points of a .pts file, with or without its header and braces; `nan nan` is a missing point.
 * @throws naming the file and the line, or the number of points when the header announces another.
 */
export function parsePts(text: string, file: string): Points<'image'> {
  const { lines, announced } = withoutHeader(text);
  const [first, ...others] = toRows(lines, file);
  const isCountFirst = first?.values.length === 1 && Number.isInteger(first.values[0]) && others.length > 0;
  const count = isCountFirst ? first.values[0] : announced;
  const rows = isCountFirst ? others : first ? [first, ...others] : [];
  const pairs = pairsOf(unfolded(rows, count), file);
  if (!pairs.some(([x]) => Number.isFinite(x))) throw new Error(`${file}: holds no points`);
  if (count !== undefined && count !== pairs.length)
    throw new Error(`${file}: announces ${count} points, has ${pairs.length}`);
  return Float32Array.from(pairs.flat(), (value) => value - 0.5);
}

/** Lines without comments, braces, and headers before the first point. */
function withoutHeader(text: string): { lines: Line[]; announced: number | undefined } {
  let announced: number | undefined;
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r\n?|\n/)
    .map((raw, index) => {
      const bare = withPlainNan(raw)
        .replace(/(#|\/\/|%).*$/, '')
        .replace(/\bn_points\s*[:=]?\s*(\d+)/i, (_, count: string) => {
          announced = Number(count);
          return '';
        })
        .replace(/\bversion\s*[:=]?\s*\d+(\.\d+)?/i, '')
        // As Windows writes it.
        .replace(/\bnan\(\w*\)/gi, 'nan')
        .replace(/[{}()[\]]/g, ' ')
        .replace(/^\s*(\d+)\s*:\s*/, '$1 ')
        .trim();
      const isHeader = isField(bare) || /^;/.test(bare) || /^x[\s,;]+y$/i.test(bare);
      return { line: index + 1, text: isHeader ? '' : bare };
    });
  return { lines: lines.filter((line) => line.text !== ''), announced };
}

/** `image: 5.jpg`, but not `left eye: 294 118`, whose order only its name tells. */
function isField(text: string): boolean {
  const [, value] = /^[a-z_][\w ]*[:=]\s*(.*)$/i.exec(text) ?? [];
  if (value === undefined) return false;
  const tokens = value.split(/[\s,;]+/);
  return tokens.length < 2 || tokens.some((token) => numberOf(token) === null);
}

function toRows(lines: readonly Line[], file: string): Row[] {
  const split = splitterOf(lines.map(({ text }) => text));
  return lines.map((line) => {
    const values = split(line.text).map(numberOf);
    if (!values.every((value) => value !== null)) throw unreadable(line, file);
    return { ...line, values };
  });
}

/** All points of an announced number in one line. */
function unfolded(rows: readonly Row[], count: number | undefined): readonly Row[] {
  const [only] = rows;
  if (rows.length !== 1 || count === undefined || count < 2 || only.values.length !== 2 * count) return rows;
  return Array.from({ length: count }, (_, i) => ({ ...only, values: only.values.slice(2 * i, 2 * i + 2) }));
}

/** x and y of each row: beside them may stand the number of the point before, or a flag or depth behind. */
function pairsOf(rows: readonly Row[], file: string): (readonly [number, number])[] {
  const width = rows[0]?.values.length ?? 2;
  const odd = rows.find(({ values }) => values.length !== width || width < 2 || width > 4);
  if (odd) throw unreadable(odd, file);
  const numbered = width === 2 ? null : byNumber(rows, file);
  return (numbered ?? rows).map((row) => {
    const [x, y] = row.values.slice(numbered ? 1 : 0);
    if (Number.isNaN(x) !== Number.isNaN(y)) throw unreadable(row, file);
    return placeOf(x, y);
  });
}

/**
 * Of three or four columns, the rows in the order of the points' numbers, which stand first; null where a place stands first.
 * @throws naming the line where that is not sure, or where some points are left out: which of a face's they are, the numbers
 *   alone do not tell
 */
function byNumber(rows: readonly Row[], file: string): readonly Row[] | null {
  const numbers = rows.map(({ values }) => values[0]);
  const isRising = numbers.every((value, i) => i === 0 || value > numbers[i - 1]);
  const areNumbers =
    numbers.every((value) => Number.isInteger(value) && value >= 0) && new Set(numbers).size === rows.length;
  const isWhole =
    areNumbers && isRising && numbers[0] <= 1 && numbers.at(-1) === numbers[0] + rows.length - 1;
  const hasFour = rows[0].values.length === 4;
  const areFlags = !hasFour && rows.every(({ values }) => [0, 1, 2].includes(values[2]));
  const isSure = rows.length >= 3 && (hasFour ? isWhole : !(isWhole && areFlags));
  if (!isSure) throw unreadable(rows[0], file);
  const areFine = rows.some(({ values }) => values.slice(1, 3).some((value) => !Number.isInteger(value)));
  if (!areNumbers || areFlags || !(areFine || isRising)) return null;
  const ordered = rows.toSorted((one, other) => one.values[0] - other.values[0]);
  const first = ordered[0].values[0];
  const gap = first > 1 ? ordered[0] : ordered.find(({ values }, i) => values[0] !== first + i);
  if (!gap) return ordered;
  throw new Error(`${file}: line ${gap.line}: points before number ${gap.values[0]} are left out`);
}

function unreadable({ line, text }: Line, file: string): Error {
  return new Error(`${file}: line ${line}: wanted two numbers, found "${text.slice(0, 40)}"`);
}

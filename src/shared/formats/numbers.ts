/** Numbers in lines of text, as programs and people write them: with decimal points or commas, and with words for a missing one. */

/**
 * A number with the digits, the point and the minus of code, without spaces or apostrophes between thousands: `١٬٢٩٤٫٢٥`, `1’294.25`
 * and `1 294,25` (which keeps its comma). What is none stays as it is.
 */
export function westernNumber(text: string): string {
  if (/^[-+]?\d*\.?\d*$/.test(text)) return text;
  const western = text
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/(?<=\d)٫(?=\d)/g, '.')
    .replace(/^[\u200e\u200f\u061c]*[−﹣－](?=[\d.])/, '-')
    .replace(/^[\u200e\u200f\u061c]+|[\u200e\u200f\u061c]+$/g, '')
    .replace(/(?<=\d)[٬'’\u00a0\u2009\u202f](?=\d{3}(?!\d))/g, '');
  return /^[-+]?[\d.,]+(e[-+]?\d+)?$/i.test(western) ? western : text;
}

const decimalComma = /^[-+]?\d+,\d+$/;
const integer = /^[-+]?\d+$/;
const number = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const missing = /^[-+]?(nan|na|n\/a|null)$/i;

/** NaN for a missing one, null for what is no number. */
export function numberOf(token: string): number | null {
  if (missing.test(token)) return NaN;
  const western = westernNumber(token);
  return number.test(western) ? Number(western) : null;
}

/** With `nan` for what old programs of Windows write instead, whose `#` begins a comment elsewhere: `-1.#IND`, `1.#QNAN`. */
export const withPlainNan = (line: string): string => line.replace(/[-+]?\b1\.#(ind|qnan|snan)\w*/gi, 'nan');

/** A place of two numbers, both NaN for a missing point: some programs write −1 −1, where no point of a face can lie. */
export function placeOf(x: number, y: number): [number, number] {
  return Number.isNaN(x) || Number.isNaN(y) || (x === -1 && y === -1) ? [NaN, NaN] : [x, y];
}

/**
 * How the lines of one file come apart into tokens: at spaces, semicolons and commas, unless its commas are decimal ones.
 * @param columns numbers in each line, where the format says so
 */
export function splitterOf(lines: readonly string[], columns?: number): (line: string) => string[] {
  if (!hasDecimalCommas(lines, columns)) return byCommas;
  return (line) => bySpaces(line).map((token) => token.replace(',', '.'));
}

/**
 * No point anywhere, and `294,5 118,5` in a line, or more columns at commas than there are, or than in other lines: `294,118 1`
 * in all of them is a place with a flag. A lone number, as of how many points follow, tells nothing.
 */
function hasDecimalCommas(lines: readonly string[], columns?: number): boolean {
  const rows = lines.filter((line) => !integer.test(line.trim()));
  const fits = (token: string) => decimalComma.test(token) || integer.test(token) || missing.test(token);
  const areApart = rows.map(bySpaces).every((tokens) => tokens.length >= 2 && tokens.every(fits));
  if (!areApart) return false;
  const hasTwo = (line: string) => bySpaces(line).filter((token) => decimalComma.test(token)).length >= 2;
  const widths = rows.map((line) => byCommas(line).length);
  return rows.some(hasTwo) || widths.some((width) => width !== (columns ?? widths[0]));
}

function byCommas(line: string): string[] {
  return line.split(/[\s,;]+/).filter(Boolean);
}

function bySpaces(line: string): string[] {
  return line
    .split(/[\s;]+/)
    .map((token) => token.replace(/,$/, ''))
    .filter(Boolean);
}

/** How the numbers of one table are written: with decimal points or commas, with or without thousands apart. */

import { westernNumber } from '../numbers';

/** A cell that may hold a number. */
export interface NumberCell {
  readonly cell: string;
  /** Whether it is a coordinate: of others it is known that they are below a thousand, or whole. */
  readonly isCoordinate: boolean;
}

const withComma = /^[-+]?\d+,\d+(e[-+]?\d+)?$/i;
const withPoint = /^[-+]?\d*\.\d+(e[-+]?\d+)?$/i;
/** With both a decimal sign and thousands apart; then, what else there may be beside such numbers. */
const pointThousands = /^[-+]?\d{1,3}(\.\d{3})+,\d+$/;
const commaThousands = /^[-+]?\d{1,3}(,\d{3})+\.\d+$/;
const besidePoints = /^[-+]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?(e[-+]?\d+)?$/i;
const besideCommas = /^[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?(e[-+]?\d+)?$/i;
const isNumeric = (text: string) => /^[-+]?[\d.,]+(e[-+]?\d+)?$/i.test(text);

/**
 * @returns each cell as a number is written in code, where it is one
 * @throws AmbiguousNumber where a coordinate may be thousands or a fraction
 */
export function numberStyle<C extends NumberCell>(
  cells: readonly C[],
  delimiter: string,
): (cell: string) => string {
  const numbers = cells.map((one) => ({ one, text: westernNumber(one.cell) }));
  const texts = numbers.map(({ text }) => text);
  const [hasPointThousands, hasCommaThousands] = [pointThousands, commaThousands].map((style) =>
    texts.some((text) => style.test(text)),
  );
  if (hasPointThousands || hasCommaThousands) {
    // One number with both signs settles it for all.
    const beside = hasPointThousands ? besidePoints : besideCommas;
    const odd = numbers.find(({ text }) => isNumeric(text) && !beside.test(text));
    if (odd) throw new AmbiguousNumber(odd.one);
    const [thousands, decimal] = hasPointThousands ? ['.', ','] : [',', '.'];
    return (cell) => {
      const text = westernNumber(cell);
      return isNumeric(text) ? text.replaceAll(thousands, '').replace(decimal, '.') : text;
    };
  }
  const areDecimal = areCommasDecimal(texts, delimiter);
  const unsure = thousandsAmong(
    numbers.filter(({ one }) => one.isCoordinate),
    delimiter,
    // A fraction elsewhere, such as a score of 0,98, tells what a comma is.
    areDecimal && texts.some((text) => withComma.test(text) && !/^[-+]?[1-9]\d{0,2},\d{3}$/.test(text)),
  );
  if (unsure) throw new AmbiguousNumber(unsure);
  return (cell) => {
    const text = westernNumber(cell);
    return areDecimal && withComma.test(text) ? text.replace(',', '.') : text;
  };
}

/** A coordinate that may be 1294 as well as 1.294. */
export class AmbiguousNumber<C extends NumberCell = NumberCell> extends Error {
  constructor(readonly where: C) {
    super(`"${where.cell}" may be thousands or a fraction`);
  }
}

/**
 * Whether `10,5` is ten and a half: not where other numbers have a point, and not where each could be thousands, as in
 * `"1,234"` between commas.
 */
function areCommasDecimal(numbers: readonly string[], delimiter: string): boolean {
  if (numbers.some((text) => withPoint.test(text))) return false;
  const commas = numbers.filter((text) => withComma.test(text));
  return delimiter !== ',' || commas.some((text) => !/,\d{3}$/.test(text));
}

/**
 * All that have a comma, or a point between semicolons, have three digits behind it, and the others, below a thousand, are
 * whole. Null where nothing may be thousands.
 */
function thousandsAmong<C extends NumberCell>(
  coordinates: readonly { readonly one: C; readonly text: string }[],
  delimiter: string,
  areCommasFractions: boolean,
): C | null {
  if (delimiter === ',') return null;
  const isThousands = (text: string) =>
    (!areCommasFractions && /^-?[1-9]\d{0,2},\d{3}$/.test(text)) ||
    (delimiter === ';' && /^-?[1-9]\d{0,2}\.\d{3}$/.test(text));
  const isWhole = (text: string) => /^-?\d{1,3}$/.test(text);
  const numbers = coordinates.filter(({ text }) => /^[-+]?[\d.,]+$/.test(text));
  const first = numbers.find(({ text }) => isThousands(text));
  const areOthersWhole = numbers.every(({ text }) => isThousands(text) || isWhole(text));
  return first && areOthersWhole && numbers.some(({ text }) => isWhole(text)) ? first.one : null;
}

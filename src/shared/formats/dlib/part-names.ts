/** Which point each named part of dlib's XML is. */

/** Far above any scheme: a wrong number must not ask for gigabytes. */
const MAX_PART = 9999;

export interface PartOrder {
  readonly count: number;
  /** From 0. */
  readonly indexOf: (name: string) => number;
  /** One per point; null where parts are numbered. */
  readonly names: readonly string[] | null;
}

/**
 * Numbered parts are points of that number, from 0 or from 1. Parts with names are in the order in which dlib itself puts them:
 * sorted by the bytes of all names in the file.
 * @param all names of the parts of every box
 * @param stated how many points a face has, where the file says it
 * @throws saying why the order is not sure
 */
export function orderOf(all: Iterable<string>, stated?: number): PartOrder {
  const names = [...new Set(all)];
  const numbers = numbersOf(names);
  if (!numbers) {
    const sorted = names.sort(byBytes);
    return { count: sorted.length, indexOf: (name) => sorted.indexOf(name), names: sorted };
  }
  if (names.length === 0) return { count: stated ?? 0, indexOf: numberOf, names: null };
  const known = new Set(numbers);
  if (known.size < names.length) throw new Error('two parts have the same number');
  const highest = Math.max(...known);
  if (highest > MAX_PART) throw new Error(`a part has the number ${highest}, more than ${MAX_PART}`);
  if (stated !== undefined || known.has(0))
    return { count: Math.max(stated ?? 0, highest + 1), indexOf: numberOf, names: null };
  if (known.size !== highest)
    throw new Error(
      `parts are numbered up to ${highest} with gaps and without 0: which is the first is not sure`,
    );
  return { count: highest, indexOf: (name) => numberOf(name) - 1, names: null };
}

/** Of `00`, `01`, … or `p0`, `p1`, …; null where names differ in more than a number. */
function numbersOf(names: readonly string[]): number[] | null {
  const [first = ''] = names;
  const prefix = first.replace(/\d+$/, '');
  const isNumbered = (name: string) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length));
  return names.every(isNumbered) ? names.map(numberOf) : null;
}

function numberOf(name: string): number {
  return Number(/\d+$/.exec(name)![0]);
}

function byBytes(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The error for what callers pass in error, also from JavaScript, where no compiler told them. */

import { EngineError } from './errors';

/**
 * @param name of the option or argument. @param expected as in "must be …". @param found the value itself.
 * @param fields of an object by which it is told.
 */
export function badOption(
  name: string,
  expected: string,
  found: unknown,
  fields: readonly string[] = [],
): EngineError {
  const told = isRecord(found) ? fields.map((field) => `${field} ${shown(found[field])}`) : [];
  const text = told.join(', ') || shown(found);
  return new EngineError('bad-option', `option ${name}: must be ${expected}, is ${text}`);
}

/** @throws EngineError `bad-option` where the options of a call are no object. */
export function checkOptions(options: unknown): void {
  if (isRecord(options)) return;
  throw new EngineError('bad-option', `options: must be an object, is ${shown(options)}`);
}

/** @throws EngineError `bad-option`, naming the argument. @param of what it is an array of. */
export function checkArray(name: string, value: unknown, of: string): void {
  if (!Array.isArray(value)) throw badOption(name, `an array of ${of}`, value);
}

/** @throws EngineError `bad-option`, naming the argument. */
export function checkText(name: string, value: unknown): void {
  if (typeof value !== 'string') throw badOption(name, 'a text', value);
}

/** Whether it has fields that can be read by name. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A number within a range; NaN is in none. */
export const isWithin = (value: unknown, low: number, high: number): boolean =>
  typeof value === 'number' && value >= low && value <= high;

/** In a word or two, and for any value at all. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

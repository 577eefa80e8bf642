/** Two states of one thing as one, where neither loses anything. */

import { crc32OfBlob } from '../../shared/formats/zip/crc32';
import { encodeValue } from './values';

export interface MergeRules {
  /** Fields that are no work of a person's: what is here stands. */
  readonly ours: readonly string[];
  /** Instead of a conflict, what is here stands, and lists of things with ids become one. */
  readonly isOursFirst?: boolean;
}

/** Both have something, and it is not the same. */
export const CONFLICT = Symbol('conflict');

/**
 * Field by field: what is the same stays, what is empty here is taken over.
 * @param ids of things in the lists beside this one: they do not come again
 * @returns `here` itself where nothing changes
 */
export async function mergeValues(
  here: unknown,
  incoming: unknown,
  rules: MergeRules,
  ids: readonly unknown[] = [],
): Promise<unknown> {
  if (isEmpty(incoming) || (await isSame(here, incoming))) return here;
  if (isEmpty(here)) return Array.isArray(incoming) && ids.length ? union([], incoming, ids) : incoming;
  if (rules.isOursFirst && Array.isArray(here) && Array.isArray(incoming)) return union(here, incoming, ids);
  if (!isPlain(here) || !isPlain(incoming)) return rules.isOursFirst ? here : CONFLICT;
  const merged: Record<string, unknown> = { ...here };
  let isChanged = false;
  for (const [name, field] of Object.entries(incoming)) {
    if (rules.ours.includes(name) && name in here) continue;
    const others = Object.entries(here).filter(([other]) => other !== name);
    const known = rules.isOursFirst ? others.flatMap(([, list]) => idsOf(list)) : [];
    merged[name] = await mergeValues(here[name], field, rules, known);
    if (merged[name] === CONFLICT) return CONFLICT;
    isChanged ||= merged[name] !== here[name];
  }
  return isChanged ? merged : here;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isPlain(value) && Object.keys(value).length === 0;
}

const idOf = (one: unknown): unknown => (isPlain(one) ? one.id : undefined);

const idsOf = (list: unknown): readonly unknown[] =>
  Array.isArray(list) ? list.map(idOf).filter((id) => id !== undefined) : [];

/** What is not here, by its id or else by its content, comes after what is here. */
function union(
  here: readonly unknown[],
  incoming: readonly unknown[],
  ids: readonly unknown[],
): readonly unknown[] {
  const known = new Set([...ids, ...idsOf(here)]);
  const texts = new Set(here.map((one) => JSON.stringify(one)));
  const isNew = (one: unknown) =>
    idOf(one) === undefined ? !texts.has(JSON.stringify(one)) : !known.has(idOf(one));
  const more = incoming.filter(isNew);
  return more.length ? [...here, ...more] : here;
}

/** Whether two values are the same, blobs by their bytes. */
export async function isSame(one: unknown, other: unknown): Promise<boolean> {
  const blobs: Blob[] = [];
  const others: Blob[] = [];
  const text = (value: unknown, all: Blob[]) =>
    JSON.stringify(encodeValue(value, (blob) => (all.push(blob), blob.size)));
  if (text(one, blobs) !== text(other, others)) return false;
  for (const [i, blob] of blobs.entries())
    if ((await crc32OfBlob(blob)) !== (await crc32OfBlob(others[i]))) return false;
  return true;
}

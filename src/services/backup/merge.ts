/** Two states of one thing as one, where neither loses anything. */

import { crc32OfBlob } from '../../shared/formats/zip/crc32';
import { encodeValue } from './values';

export interface MergeRules {
  /** Fields that are no work of a person's: what is here stands. */
  readonly ours: readonly string[];
  /** Instead of a conflict, what is here stands, and lists of things with ids, and of groups of such ids, become one. */
  readonly isOursFirst?: boolean;
}

/** Both have something, and it is not the same. */
export const CONFLICT = Symbol('conflict');

/** Of the lists beside one. */
interface Beside {
  /** Ids of things that are in another list here: they do not come again. */
  readonly taken: readonly unknown[];
  /** Ids of all things that come. */
  readonly coming: readonly unknown[];
}

const nothing: Beside = { taken: [], coming: [] };

/**
 * Field by field: what is the same stays, what is empty here is taken over.
 * @returns `here` itself where nothing changes
 */
export async function mergeValues(
  here: unknown,
  incoming: unknown,
  rules: MergeRules,
  beside = nothing,
): Promise<unknown> {
  if (isEmpty(incoming) || (await isSame(here, incoming))) return here;
  if (isEmpty(here) && !(Array.isArray(incoming) && beside.taken.length)) return incoming;
  if (rules.isOursFirst && Array.isArray(incoming)) return union(here, incoming, beside);
  if (!isPlain(here) || !isPlain(incoming)) return rules.isOursFirst ? here : CONFLICT;
  const merged: Record<string, unknown> = { ...here };
  const coming = rules.isOursFirst ? Object.values(incoming).flatMap(idsOf) : [];
  let isChanged = false;
  for (const [name, field] of Object.entries(incoming)) {
    if (rules.ours.includes(name) && name in here) continue;
    const others = Object.entries(here).filter(([other]) => other !== name);
    const taken = coming.length ? others.flatMap(([, list]) => idsOf(list)) : [];
    merged[name] = await mergeValues(here[name], field, rules, { taken, coming });
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

/** Things that are not here come after what is here, and so do groups of their ids, such as pairs; other lists stay. */
function union(here: unknown, incoming: readonly unknown[], { taken, coming }: Beside): unknown {
  if (!isEmpty(here) && !Array.isArray(here)) return here;
  const ours: readonly unknown[] = Array.isArray(here) ? here : [];
  const known = [...taken, ...idsOf(ours)];
  const isGroup = (one: unknown): one is readonly unknown[] =>
    Array.isArray(one) && one.length > 0 && one.every((id) => coming.includes(id));
  const groups = ours.flatMap((one) => (Array.isArray(one) ? [groupKey(one)] : []));
  const more = incoming.filter((one) =>
    isGroup(one) ? !groups.includes(groupKey(one)) : idOf(one) !== undefined && !known.includes(idOf(one)),
  );
  return more.length ? [...ours, ...more] : here;
}

/** The same in any order. */
const groupKey = (ids: readonly unknown[]): string => JSON.stringify([...ids].sort());

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

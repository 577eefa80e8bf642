/**
 * What a page that is being left could not wait for its database to take. A transaction under way dies with its page in
 * every browser, so this goes to localStorage, which takes it in the closing event itself; the next visit carries it over.
 */

import type { PhotoModel, PhotoResult } from '../photos/types';
import { migrations } from './photo-schema';

export interface Unsaved {
  /** Ids of pictures that are gone. */
  readonly removed: readonly string[];
  readonly results: readonly { readonly photo: string; readonly result: PhotoResult }[];
  /** All that the results speak of. */
  readonly models: readonly PhotoModel[];
}

/** With the version of the database: what another version left may have another shape, and is passed over. */
const prefix = `mien.unsaved.${migrations.length}.`;

/** Best effort: where localStorage is full or forbidden, the transactions under way have the last word. @returns its name */
export function leave(unsaved: Unsaved): string {
  const name = prefix + crypto.randomUUID();
  try {
    localStorage.setItem(name, JSON.stringify(unsaved, replacer));
  } catch {
    // The page is on its way out; nobody could be told.
  }
  return name;
}

/** Names of all that closed pages left. */
export function leftNames(): readonly string[] {
  try {
    const names = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i)!);
    return names.filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}

/** @returns null when it is damaged, or another tab has taken it meanwhile */
export function readLeft(name: string): Unsaved | null {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null', reviver) as Unsaved | null;
  } catch {
    return null;
  }
}

export function forgetLeft(name: string): void {
  localStorage.removeItem(name);
}

/** JSON knows no typed arrays. */
const replacer = (_: string, value: unknown) =>
  value instanceof Float32Array ? { float32: Array.from(value) } : value;
const reviver = (_: string, value: unknown) =>
  typeof value === 'object' && value !== null && 'float32' in value
    ? new Float32Array(value.float32 as number[])
    : value;

/**
 * Changes that a closing page has no time to write to its database, or that found no room there. A transaction under way dies
 * with its page in every browser, so they go to localStorage, which takes them in the closing event itself; the next visit
 * saves them.
 */

import { currentModelId } from '../../../services/models/former-ids';
import type { Lesson, MarkScheme, Photo, PhotoModel, PhotoResult, ResultPatch } from '../types';
import { fromVersion2, migrations, type MarksRecord, type ResultOfVersion2 } from './photo-schema';

export interface Unsaved {
  /** Ids of pictures that are gone. */
  readonly removed: readonly string[];
  readonly results: readonly { readonly photo: string; readonly result: ResultPatch }[];
  /** All that the results name. */
  readonly models: readonly PhotoModel[];
  readonly marks: readonly MarksRecord[];
  readonly schemes: readonly MarkScheme[];
  /** Ids of schemes that are gone. */
  readonly removedSchemes: readonly string[];
  /** Pages of earlier versions left none. */
  readonly lessons?: readonly Lesson[];
}

/** Followed by the version of the database, which tells the shape of the results, the time and a name of its own. */
const prefix = 'mien.unsaved.';
/** The first version that left anything. */
const firstVersion = 2;

/** Best effort: if localStorage refuses, these changes may be lost. @returns its name, null where it is not kept */
export function leaveUnsaved(unsaved: Unsaved): string | null {
  const name = `${prefix}${migrations.length}.${Date.now()}.${crypto.randomUUID()}`;
  try {
    localStorage.setItem(name, JSON.stringify(unsaved, replacer));
  } catch {
    // The page is on its way out; nobody could be told.
    return null;
  }
  return name;
}

/** What closed pages left, the oldest first; what is damaged is forgotten. */
export function readUnsaved(): readonly { readonly name: string; readonly unsaved: Unsaved }[] {
  return unsavedNames().flatMap((name) => {
    const unsaved = parseUnsaved(name);
    if (unsaved) return [{ name, unsaved }];
    forgetUnsaved(name);
    return [];
  });
}

/** The pictures as the closed page last had them; those whose files did not arrive are not there. */
export function applyUnsaved(
  photos: readonly Photo[],
  { removed, results, marks }: Unsaved,
): readonly Photo[] {
  return photos
    .filter(({ id }) => !removed.includes(id))
    .map((photo) => {
      const patches = results.filter((left) => left.photo === photo.id);
      const marked = marks.filter((left) => left.photo === photo.id);
      if (patches.length + marked.length === 0) return photo;
      const changed = patches.map(({ result }): [string, PhotoResult] => [
        result.model,
        merged(photo.results[result.model], result),
      ]);
      return {
        ...photo,
        results: { ...photo.results, ...Object.fromEntries(changed) },
        marks: { ...photo.marks, ...Object.fromEntries(marked.map(({ scheme, faces }) => [scheme, faces])) },
      };
    });
}

function merged(before: PhotoResult | undefined, patch: ResultPatch): PhotoResult {
  const { model } = patch;
  return { ...(before ?? { model, found: null, corrected: null }), ...patch };
}

export function forgetUnsaved(name: string): void {
  localStorage.removeItem(name);
}

/** Oldest first, so that newer entries win; those of a newer version are left for it. */
function unsavedNames(): readonly string[] {
  try {
    const names = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i)!);
    return names
      .filter((name) => versionOf(name) !== null)
      .sort((a, b) => versionOf(a)! - versionOf(b)! || timeOf(a) - timeOf(b));
  } catch {
    return [];
  }
}

/** @returns null for a name that is not of this kind, or of a version that this one does not know */
function versionOf(name: string): number | null {
  if (!name.startsWith(prefix)) return null;
  const version = Number.parseInt(name.slice(prefix.length), 10);
  return version >= firstVersion && version <= migrations.length ? version : null;
}

/** Ms since 1970; 0 where the name has none, as those of version 2. */
function timeOf(name: string): number {
  return Number(name.slice(prefix.length).split('.')[1]) || 0;
}

/** @returns null when it is damaged, or another tab has taken it meanwhile */
function parseUnsaved(name: string): Unsaved | null {
  try {
    const unsaved = JSON.parse(localStorage.getItem(name) ?? 'null', reviver) as Unsaved | null;
    const version = versionOf(name);
    if (!unsaved || version === migrations.length) return unsaved;
    const current = version === 2 ? unsaved.results.map(readVersion2) : unsaved.results;
    const results = current.map(({ photo, result: { found, ...result } }) => {
      const model = currentModelId(result.model);
      // What a successor sees in the picture is not known yet.
      return { photo, result: { ...result, model, ...(model === result.model && found && { found }) } };
    });
    const models = unsaved.models.map((model) => ({ ...model, id: currentModelId(model.id) }));
    // Nobody marked anything before version 5.
    return { ...unsaved, results, models, marks: [], schemes: [], removedSchemes: [] };
  } catch {
    return null;
  }
}

/** A page of version 2 knew either what was found or what was corrected. */
function readVersion2({ photo, result }: Unsaved['results'][number]): Unsaved['results'][number] {
  const { found, ...rest } = fromVersion2(result as unknown as ResultOfVersion2);
  return { photo, result: found ? { ...rest, found } : rest };
}

/** JSON knows no typed arrays, nor NaN, which it writes as null: a missing point. */
const replacer = (_: string, value: unknown) =>
  value instanceof Float32Array ? { float32: Array.from(value) } : value;
const reviver = (_: string, value: unknown) =>
  typeof value === 'object' && value !== null && 'float32' in value
    ? Float32Array.from(value.float32 as (number | null)[], (one) => one ?? NaN)
    : value;

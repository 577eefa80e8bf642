/** Brings one picture's records in storage up to date, writing only what has changed. */

import type { MarkScheme, Photo, PhotoModel, ResultPatch } from '../types';
import type { MarksRecord, PhotoRecord } from './photo-schema';
import type { PhotoStorage } from './photo-storage';

export interface PhotoToSave {
  readonly photo: Photo;
  /** The picture as storage has it; undefined where storage does not have it yet. */
  readonly saved: Photo | undefined;
  /** Its file, where that is not in storage yet. */
  readonly file: Blob | undefined;
  readonly models: Readonly<Record<string, PhotoModel>>;
  readonly schemes: Readonly<Record<string, MarkScheme>>;
  /** Called after each transaction with the picture as storage has it then. */
  readonly onSaved: (saved: Photo) => void;
}

/** @returns false when another tab has removed the picture; then nothing is written. @throws StorageError */
export async function savePhoto(storage: PhotoStorage, work: PhotoToSave): Promise<boolean> {
  const { photo, file, models, schemes, onSaved } = work;
  let { saved } = work;
  if (file) await storage.add(toRecord(photo), file);
  else if (saved?.truth !== photo.truth && !(await storage.putPhoto(toRecord(photo)))) return false;
  saved = { ...photo, results: saved?.results ?? {}, marks: saved?.marks ?? {} };
  onSaved(saved);
  const results = changedResults(photo, saved);
  if (results.length) {
    const own = results.map(({ model }) => models[model]);
    if (!(await storage.putResults(photo, results, own))) return false;
    saved = { ...saved, results: photo.results };
    onSaved(saved);
  }
  const marks = changedMarks(photo, saved);
  if (marks.length === 0) return true;
  // A scheme that was removed meanwhile does not come back with its marks.
  const known = marks.flatMap(({ scheme }) => schemes[scheme] ?? []);
  const isHere = await storage.putMarks(photo, marks, known);
  if (isHere) onSaved(photo);
  return isHere;
}

/** What changed in the marks since they were saved, scheme by scheme. */
export function changedMarks(photo: Photo, saved: Photo | undefined): Omit<MarksRecord, 'photo'>[] {
  return Object.entries(photo.marks)
    .filter(([scheme, faces]) => faces !== saved?.marks[scheme])
    .map(([scheme, faces]) => ({ scheme, faces }));
}

/** What changed in the results since they were saved: a half that did not is left to other tabs. */
export function changedResults(photo: Photo, saved: Photo | undefined): ResultPatch[] {
  return Object.values(photo.results).flatMap(({ model, found, corrected }) => {
    const before = saved?.results[model] ?? { found: null, corrected: null };
    const patch: ResultPatch = {
      model,
      ...(found !== before.found && { found }),
      ...(corrected !== before.corrected && { corrected }),
    };
    return Object.keys(patch).length > 1 ? [patch] : [];
  });
}

export function toRecord(photo: Photo): PhotoRecord {
  const { id, name, folder, type, bytes, width, height, addedMs, thumbnail, truth } = photo;
  return { id, name, folder, type, bytes, width, height, addedMs, thumbnail, truth };
}

/** What of a page is not in storage as it is here. Pure. */

import type { Lesson, MarkScheme, Photo, PhotoModel } from '../types';
import { changedMarks, changedResults } from './save-photo';
import type { Unsaved } from './unsaved';

/** Keys of what is saved besides pictures, whose keys are their ids. */
export const schemeKey = 'scheme:';
export const lessonKey = 'lesson:';

/** What a page has, by ids but for the pictures. */
export interface Here {
  readonly photos: readonly Photo[];
  readonly models: Readonly<Record<string, PhotoModel>>;
  readonly schemes: Readonly<Record<string, MarkScheme>>;
  readonly lessons: Readonly<Record<string, Lesson>>;
}

/** @returns ids of what has such keys */
const idsWith = (prefix: string, keys: readonly string[]) =>
  keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));

const among = <T extends { readonly id: string }>(all: Readonly<Record<string, T>>, ids: readonly string[]) =>
  Object.values(all).filter(({ id }) => ids.includes(id));

/** What belongs to some pictures, and what is not written itself. @param keys of all that is not written */
export function besidePhotos(photos: readonly Photo[], here: Here, keys: readonly string[]) {
  const models = photos.flatMap(({ results }) => Object.keys(results));
  const schemes = photos.flatMap(({ marks }) => Object.keys(marks));
  return {
    models: among(here.models, models),
    schemes: among(here.schemes, [...schemes, ...idsWith(schemeKey, keys)]),
    lessons: among(here.lessons, idsWith(lessonKey, keys)),
  };
}

/**
 * What the next visit is to save.
 * @param keys of all that is not written
 * @param savedOf a picture as storage has it
 */
export function leftOf(
  here: Here,
  keys: readonly string[],
  savedOf: (id: string) => Photo | undefined,
): Unsaved {
  const schemeIds = idsWith(schemeKey, keys);
  const photoIds = keys.filter((key) => ![schemeKey, lessonKey].some((prefix) => key.startsWith(prefix)));
  const photos = here.photos.filter(({ id }) => photoIds.includes(id));
  const results = photos.flatMap((photo) =>
    changedResults(photo, savedOf(photo.id)).map((result) => ({ photo: photo.id, result })),
  );
  const marks = photos.flatMap((photo) =>
    changedMarks(photo, savedOf(photo.id)).map((record) => ({ photo: photo.id, ...record })),
  );
  return {
    removed: photoIds.filter((id) => !here.photos.some((photo) => photo.id === id)),
    results,
    models: among(
      here.models,
      results.map(({ result }) => result.model),
    ),
    marks,
    schemes: among(here.schemes, [...schemeIds, ...marks.map(({ scheme }) => scheme)]),
    removedSchemes: schemeIds.filter((id) => !(id in here.schemes)),
    lessons: among(here.lessons, idsWith(lessonKey, keys)),
  };
}

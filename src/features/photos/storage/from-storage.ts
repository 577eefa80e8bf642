/** What came from storage, beside what a page has. Pure. */

import type { Photo, PhotoWork } from '../types';
import { lessonKey, schemeKey, type Here } from './left-here';
import type { KeptPhoto, KeptPhotos } from './photo-storage';

/** A picture as it comes from storage. */
export const toPhoto = (kept: KeptPhoto): Photo => ({ ...kept, work: workOf(kept), isKept: true });

/** Of a picture that no model is at. */
export const workOf = ({ results }: Pick<Photo, 'results'>): PhotoWork => ({
  kind: Object.keys(results).length > 0 ? 'done' : 'waiting',
});

export interface Refreshed extends Here {
  /** The pictures among them that are as they are stored. */
  readonly fresh: readonly Photo[];
}

/**
 * What a page has once it shows what came into storage beside it: that counts, but for what is not saved as it is here.
 * @param unwritten keys of that
 */
export function withStored(here: Here, stored: KeptPhotos, unwritten: readonly string[]): Refreshed {
  const isUnwritten = (prefix: string) => (id: string) => unwritten.includes(prefix + id);
  const fresh = stored.photos.filter(({ id }) => !unwritten.includes(id)).map(toPhoto);
  const ids = new Set(fresh.map(({ id }) => id));
  return {
    fresh,
    models: { ...stored.models, ...here.models },
    schemes: replaced(here.schemes, stored.schemes, isUnwritten(schemeKey)),
    lessons: replaced(here.lessons, stored.lessons, isUnwritten(lessonKey)),
    photos: [...here.photos.filter(({ id }) => !ids.has(id)), ...fresh].sort(
      (one, other) => one.addedMs - other.addedMs,
    ),
  };
}

/** What is stored in the place of what is here, but for what storage does not have as it is here. */
function replaced<T>(
  here: Readonly<Record<string, T>>,
  stored: Readonly<Record<string, T>>,
  isUnsaved: (id: string) => boolean,
): Readonly<Record<string, T>> {
  const fresh = Object.entries(stored).filter(([id]) => !isUnsaved(id));
  return { ...here, ...Object.fromEntries(fresh) };
}

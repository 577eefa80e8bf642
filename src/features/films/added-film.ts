/** A file that is added: the film that comes of it, or the one whose file it is again. */

import type { FilmRecord } from './types';

/** How a film is to be read. */
export type ReadingChoice = Pick<FilmRecord, 'model' | 'maxFaces'>;

export const newFilm = (file: File, choice: ReadingChoice): FilmRecord => ({
  id: crypto.randomUUID(),
  name: file.name,
  bytes: file.size,
  modifiedMs: file.lastModified,
  addedMs: Date.now(),
  state: 'waiting',
  problem: '',
  notes: [],
  isKept: false,
  ...{ width: 0, height: 0, durationMs: null, method: null, hasSound: false },
  ...{ done: 0, doneMs: 0, usedModel: null, scheme: null },
  ...choice,
  ...{ edits: [], names: {}, hidden: [] },
});

export const isFileOf = (film: FilmRecord, file: File): boolean =>
  film.name === file.name && film.bytes === file.size && film.modifiedMs === file.lastModified;

/**
 * Whether it was, or is being, read as is chosen now.
 * @param firstModel id of the model that null stands for; null where that is not known: then no other is known to be another
 */
export async function isReadSo(
  film: FilmRecord,
  { model, maxFaces }: ReadingChoice,
  firstModel: () => Promise<string | null>,
): Promise<boolean> {
  if (film.maxFaces !== maxFaces) return false;
  if (film.model === model) return true;
  const first = await firstModel();
  return first === null || (film.usedModel ?? film.model ?? first) === (model ?? first);
}

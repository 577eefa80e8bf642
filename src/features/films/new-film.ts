/** A film that was just added. */

import type { FilmRecord } from './types';

export const newFilm = (file: File, choice: Pick<FilmRecord, 'model' | 'maxFaces'>): FilmRecord => ({
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

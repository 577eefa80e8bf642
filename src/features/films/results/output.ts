/** What was found in a film as it goes into files and onto the screen: people in the place of tracks. */

import { hasSignals as tellsSignals, toldWeights } from '../../../engine/signals/told';
import type { FilmAbout, FilmFrame, FilmSummary } from '../../../shared/formats/film';
import type { FilmRecord, TrackedFrame } from '../types';
import type { FilmData } from './film-data';
import type { PersonFinder } from './people';

/** @param hidden people who are left out */
export function toFilmFrame(
  { faces, ...frame }: TrackedFrame,
  personOf: PersonFinder,
  hidden: readonly number[] = [],
): FilmFrame {
  return {
    ...frame,
    faces: faces
      .map(({ track, ...face }) => ({ ...face, id: personOf(track, frame.index) }))
      .filter(({ id }) => id > 0 && !hidden.includes(id))
      .sort((one, other) => one.id - other.id),
  };
}

/** @throws Error naming the film before its first frame was read */
export function aboutFilm(
  {
    name,
    width,
    height,
    usedModel,
    scheme,
  }: Pick<FilmRecord, 'name' | 'width' | 'height' | 'usedModel' | 'scheme'>,
  { hasSignals, hasGaze, expressions }: FilmData,
  summary: FilmSummary,
): FilmAbout {
  if (!scheme || usedModel === null) throw new Error(`${name}: nothing has been read yet`);
  // What the model tells, also where no face was seen: films of one folder have the same columns.
  const isTold = tellsSignals(scheme);
  return {
    ...{ name, width, height, model: usedModel, scheme, summary },
    hasSignals: isTold || hasSignals,
    hasGaze: isTold || hasGaze,
    expressions: [...new Set([...(isTold ? toldWeights : []), ...expressions])],
  };
}

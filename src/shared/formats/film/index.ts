/** The faces of a film as text files, written frame by frame. */

import type { Scheme } from '../../../engine/types';
import { filmCsv } from './csv';
import { filmJson } from './json-lines';
import { openFace } from './openface';
import type { FilmAbout, FilmFormat, FilmFrame } from './types';

export { readFilmJson, type FilmLine, type FrameLine } from './json-lines';
export type * from './types';

/** In the order shown to the user. */
export const filmFormats = { csv: filmCsv, openface: openFace, json: filmJson } as const satisfies Record<
  string,
  FilmFormat
>;

export type FilmFormatId = keyof typeof filmFormats;

export const filmFormatIds = Object.keys(filmFormats) as FilmFormatId[];

/** Those that can hold such points. */
export const filmFormatsFor = (scheme: Scheme): FilmFormatId[] =>
  filmFormatIds.filter((id) => (filmFormats[id] as FilmFormat).fits?.(scheme) ?? true);

/** About so many characters are put together before they go on. */
const PIECE_LENGTH = 1 << 18;

/** The file in pieces. */
export async function* writeFilm(
  id: FilmFormatId,
  film: FilmAbout,
  frames: AsyncIterable<FilmFrame>,
): AsyncGenerator<string> {
  const format: FilmFormat = filmFormats[id];
  let piece = format.begin(film);
  for await (const frame of frames) {
    piece += format.frame(film, frame);
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  if (piece) yield piece;
}

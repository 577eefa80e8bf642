/** Which video files can be opened. */

export const filmFormatNames = 'MP4, WebM, MOV or Matroska';

/** For the `accept` of an `<input type=file>`. */
export const acceptedFilms = 'video/*,.mp4,.m4v,.mov,.webm,.mkv';

/** Whether a dropped file may be a film: some systems give Matroska no type. */
export const isFilm = ({ type, name }: File): boolean =>
  type.startsWith('video/') || /\.(mp4|m4v|mov|webm|mkv)$/i.test(name);

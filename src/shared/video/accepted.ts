/** Which video files can be opened. */

export const filmFormatNames = 'MP4, WebM, MOV or Matroska';

/** For the `accept` of an `<input type=file>`. */
export const acceptedFilms = 'video/*,.mp4,.m4v,.mov,.webm,.mkv';

/** Whether a dropped file may be a film: some systems give Matroska no type. */
export const isFilm = ({ type, name }: File): boolean =>
  type.startsWith('video/') || /\.(mp4|m4v|mov|webm|mkv)$/i.test(name);

/** Names before it is said how many more there are. */
const MAX_NAMES = 10;

/** What a person is told of files that are none. @param names at least one */
export function refusalOf(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  const listed = names.slice(0, MAX_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
  const none = names.length > 1 ? 'are no films' : 'is no film';
  return `${listed} ${none} of a kind that Mien reads: ${filmFormatNames}. Convert other films to one of these first.`;
}

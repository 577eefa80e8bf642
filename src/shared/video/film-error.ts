/** A video file that cannot be used: which, and why. */

export class FilmError extends Error {
  override readonly name = 'FilmError';
}

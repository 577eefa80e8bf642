/** Why a file could not be taken in: a kind for programs, a sentence that names the file for people. */

export type PhotoProblem =
  /** It has no bytes. */
  | 'empty'
  /** Its bytes are those of no picture that Mien knows, whatever its name says. */
  | 'not-a-picture'
  /** A picture of a kind that this browser cannot decode, such as HEIC outside Safari. */
  | 'unsupported'
  /** More bytes, or more pixels by its header, than Mien takes. */
  | 'too-large'
  /** Begins like a picture, but cannot be decoded: cut short or broken. */
  | 'damaged'
  /** Decoding did not end in time. */
  | 'too-slow'
  /** The system would not hand it over: moved, deleted, or not allowed. */
  | 'unreadable'
  /** A .pts file that holds no points, or that has no picture beside it. */
  | 'bad-points';

export class PhotoError extends Error {
  override readonly name = 'PhotoError';

  constructor(
    readonly problem: PhotoProblem,
    /** Path of the file. */
    readonly file: string,
    /** A sentence that names the file. */
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

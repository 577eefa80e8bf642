/** Why a file could not be imported: a code for programs, a sentence naming the file for people. */

export type PictureProblem =
  /** It has no bytes. */
  | 'empty'
  /** Not a picture format that Mien knows, judged by its bytes, not its name. */
  | 'not-a-picture'
  /** More bytes, or more pixels by its header, than Mien accepts. */
  | 'too-large'
  /** Starts like a picture but cannot be decoded: truncated or corrupt. */
  | 'damaged'
  /** Decoding took too long. */
  | 'too-slow'
  /** Could not be read: moved, deleted, or no permission. */
  | 'unreadable'
  /** A .pts file that holds no points, or that has no picture beside it. */
  | 'bad-points';

export class PictureError extends Error {
  override readonly name = 'PictureError';

  constructor(
    readonly problem: PictureProblem,
    /** Path of the file. */
    readonly file: string,
    /** A sentence that names the file. */
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

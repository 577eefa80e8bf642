/** Types of pictures and of the files they come from. */

/** Px. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A file and its folder within what was dropped or picked. */
export interface IncomingFile {
  readonly file: File;
  /** Slashes between folders and none at the ends; '' for none. */
  readonly folder: string;
}

/** A picture that could be decoded. Its full-size pixels are not in memory: `file` is read from disk when needed. */
export interface PictureFile extends Size {
  /** Name of the file, such as `anna.jpg`. */
  readonly name: string;
  /** Folder it came from, with slashes between and none at the ends; '' where there was none. */
  readonly folder: string;
  /** MIME type by content, not by name. */
  readonly type: string;
  readonly file: Blob;
  /** Px of the full-size picture, its EXIF orientation applied. */
  readonly width: number;
  readonly height: number;
  /** At most 256 px on its longer side. */
  readonly thumbnail: Blob;
}

export interface OpenedPicture {
  readonly picture: PictureFile;
  /** All pixels, upright. The receiver closes it. */
  readonly bitmap: ImageBitmap;
  /** Notes for the user that name the file, such as that only the first frame of an animation is used. */
  readonly notes: readonly string[];
}

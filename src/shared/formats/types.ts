/** What is exported to files and imported from them. All points are in px of the full-size picture. */

import type { Points, Scheme } from '../../engine/types';
import type { OverlayStyle } from '../overlay/style';

export interface ExportFace {
  /** NaN in both coordinates for a missing point. */
  readonly points: Points<'image'>;
  /** Image px per point, 0 for one placed by hand; null where the model gives none; it is then missing in every file. */
  readonly spread: Float32Array | null;
  /** How likely each point is seen, 0..1; missing where the model does not say. */
  readonly visible?: Float32Array;
  /** Presence, 0..1. */
  readonly score: number;
  /** Id of the model. */
  readonly model: string;
  readonly scheme: Scheme;
  /** Whether a person moved or placed points of it. */
  readonly corrected: boolean;
}

export interface ExportPicture {
  /** Name of the file, such as `anna.jpg`. */
  readonly name: string;
  /** Slashes between folders and none at the ends; '' for none. */
  readonly folder: string;
  /** Px of the full-size picture, its EXIF orientation applied. */
  readonly width: number;
  readonly height: number;
  readonly faces: readonly ExportFace[];
  /** The picture's file. Called only by formats that hold pictures, one picture at a time. */
  open(): Promise<Blob>;
}

export interface ExportFile {
  /** Path with slashes, such as `holiday/anna.pts`. */
  readonly name: string;
  readonly data: string | Blob;
}

export interface ExportOptions {
  /** How faces are drawn over pictures. */
  readonly style: OverlayStyle;
  /** Begins tables with a byte order mark, by which Excel knows that they are UTF-8. Default: none. */
  readonly bom?: boolean;
  /** Turns copies of pictures upright whose EXIF orientation other programs may ignore. Default: they stay as they came. */
  readonly upright?: boolean;
  /** Hears what was done to a file that is not plain from its name, in a sentence. */
  readonly onNote?: (note: string) => void;
}

/** A face read from a file: its points and whatever else the format holds. */
export interface ImportedFace extends Partial<Omit<ExportFace, 'points' | 'spread' | 'scheme'>> {
  readonly points: Points<'image'>;
  /** Image px per point; NaN for a missing one. */
  readonly spread?: Float32Array;
  /** Id of the scheme. */
  readonly scheme?: string;
  /** One per point, where the file names them. */
  readonly names?: readonly string[];
  /** Whether points are in the order of their names alone, so that only a scheme of the same names tells what they are. */
  readonly isOrderedByName?: boolean;
  /** Whether points after the last may be missing too: the file gives each by its number alone. */
  readonly mayEndEarly?: boolean;
}

export interface ImportedPicture {
  /** Path as the file gives it. */
  readonly path: string;
  /** Whether the path is without the picture's extension, as where a file is only named after its picture. */
  readonly isStem?: boolean;
  /** Whether y counts upwards from the bottom of the picture, whose height the file does not give. */
  readonly isFromBottom?: boolean;
  /** Px of the full-size picture, where the format has them. */
  readonly width?: number;
  readonly height?: number;
  readonly faces: readonly ImportedFace[];
}

export interface Format {
  /** Shown on the screen. */
  readonly label: string;
  /** What it holds and who reads it, in a sentence. */
  readonly about: string;
  /** With its dot. */
  readonly extension: string;
  /** Under which it comes too. */
  readonly otherExtensions?: readonly string[];
  /** Yields one file at a time, so that only one is in memory. The pictures' names must be unique. */
  write(
    pictures: readonly ExportPicture[],
    options: ExportOptions,
  ): Iterable<ExportFile> | AsyncIterable<ExportFile>;
  /** Whether a file of that extension is most likely of this format: then it is this one's reader that says what is wrong. */
  isLike?(text: string): boolean;
  /**
   * @param onSkipped hears what was left out and why, in a sentence that names `file`
   * @throws Error naming `file` and the place in it that cannot be read.
   */
  read?(text: string, file: string, onSkipped?: (message: string) => void): ImportedPicture[];
}

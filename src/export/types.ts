/** What leaves Mien in files, and what comes back out of them. All points are in px of the full-size picture. */

import type { Points, Scheme } from '../engine/types';
import type { OverlayStyle } from '../overlay/draw';

export interface ExportFace {
  readonly points: Points<'image'>;
  /** Image px per point; 0 for one placed by hand. */
  readonly spread: Float32Array;
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
  /** The picture's file. Called only by the formats that hold pictures, one picture after the other. */
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
}

/** A face as a file tells it: its points, and whatever else the format has room for. */
export interface ImportedFace extends Partial<Omit<ExportFace, 'points' | 'scheme'>> {
  readonly points: Points<'image'>;
  /** Id of the scheme. */
  readonly scheme?: string;
}

export interface ImportedPicture {
  /** Path as the file gives it; a .pts file names no picture, so there it is its own path without `.pts`. */
  readonly path: string;
  /** Px of the full-size picture, where the format says them. */
  readonly width?: number;
  readonly height?: number;
  readonly faces: readonly ImportedFace[];
}

export interface Format {
  /** Fit for the screen. */
  readonly label: string;
  /** What it holds and who reads it, in a sentence. */
  readonly about: string;
  /** With its dot. */
  readonly extension: string;
  /** One file after the other, so that nothing but the one at hand is in memory. Takes pictures whose names differ. */
  write(
    pictures: readonly ExportPicture[],
    options: ExportOptions,
  ): Iterable<ExportFile> | AsyncIterable<ExportFile>;
  /** @throws Error naming `file` and the place in it that cannot be read. */
  read?(text: string, file: string): ImportedPicture[];
}

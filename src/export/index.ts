/**
 * Pictures and their faces as files. A format is a writer and, where it holds all there is to say, a reader.
 *
 * ```ts
 * await saveFiles(exportFiles(pictures, ['picture', 'pts'], { style }), 'holiday');
 * ```
 */

import { coco } from './coco';
import { csvLong, csvWide } from './csv';
import { dlib } from './dlib';
import { json } from './json';
import { namedApart } from './names';
import { overlay, picture } from './pictures';
import { pts } from './pts';
import type { ExportFile, ExportOptions, ExportPicture, Format } from './types';

export { formatPts, parsePts } from './pts';
export { bundleFiles, saveFiles, type Bundle } from './save';
export type * from './types';
export { zipStream } from './zip';

/** In the order in which they are offered. */
export const formats = {
  pts,
  json,
  csvWide,
  csvLong,
  coco,
  dlib,
  overlay,
  picture,
} as const satisfies Record<string, Format>;

export type FormatId = keyof typeof formats;

/**
 * The files of the formats asked for, one after the other as they are needed.
 * @throws Error while they are read, when a picture cannot be opened or drawn.
 */
export async function* exportFiles(
  pictures: readonly ExportPicture[],
  ids: readonly FormatId[],
  options: ExportOptions,
): AsyncGenerator<ExportFile> {
  const named = namedApart(pictures);
  for (const id of ids) yield* (formats[id] as Format).write(named, options);
}

/**
 * Pictures and their faces as files. A format is a writer and, unless it holds pictures, a reader.
 *
 * ```ts
 * await saveFiles(exportFiles(pictures, ['picture', 'pts'], { style }), 'holiday');
 * ```
 */

import { coco } from './coco';
import { csvLong, csvWide } from './csv';
import { dlib } from './dlib';
import { json } from './json';
import { ljson } from './ljson';
import { namedApart } from './names';
import { openFace } from './openface';
import { overlay, picture } from './pictures';
import { pts } from './pts';
import { tem } from './tem';
import { tps } from './tps';
import type { ExportFile, ExportOptions, ExportPicture, Format } from './types';

export { formatPts, parsePts } from './pts';
export { bundleFiles, saveFiles, type Bundle } from './zip/bundle';
export type * from './types';
export { zipStream } from './zip';

/** In the order shown to the user. */
export const formats = {
  pts,
  json,
  csvWide,
  csvLong,
  coco,
  dlib,
  ljson,
  tps,
  tem,
  openFace,
  overlay,
  picture,
} as const satisfies Record<string, Format>;

export type FormatId = keyof typeof formats;

/**
 * The files of the chosen formats, each made only when it is asked for.
 * @throws Error during iteration when a picture cannot be opened or drawn.
 */
export async function* exportFiles(
  pictures: readonly ExportPicture[],
  ids: readonly FormatId[],
  options: ExportOptions,
): AsyncGenerator<ExportFile> {
  const named = namedApart(pictures);
  for (const id of ids) yield* (formats[id] as Format).write(named, options);
}

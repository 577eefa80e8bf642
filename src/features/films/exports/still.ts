/** A frame of a film as a picture file of its own. */

import { encodeCanvas } from '../../../shared/imaging/encode';
import { openFilm } from '../../../shared/video/open-film';
import type { FilmReader } from '../../../shared/video/types';
import { frameName } from './names';
import type { FilmRecord } from '../types';

/** The frame at this time, upright, as a PNG. @throws FilmError where there is none */
export async function encodeFrame(reader: FilmReader, name: string, timeMs: number): Promise<Blob> {
  const picture = await reader.frameAt(timeMs);
  if (!picture) throw new Error(`${name}: has no frame at ${timeMs} ms`);
  try {
    const canvas = new OffscreenCanvas(reader.width, reader.height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error(`${name}: this browser gives no 2D canvas`);
    picture.draw(context, reader.width, reader.height);
    return await encodeCanvas(canvas, 'image/png');
  } finally {
    picture.close();
  }
}

/** @param frame from 0, for the name */
export async function takeStill(file: Blob, film: FilmRecord, frame: number, timeMs: number): Promise<File> {
  const reader = await openFilm(file, film.name);
  try {
    const blob = await encodeFrame(reader, film.name, timeMs);
    return new File([blob], `${frameName(film.name, frame)}.png`, { type: 'image/png' });
  } finally {
    reader.close();
  }
}

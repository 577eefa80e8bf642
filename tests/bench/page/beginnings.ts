/** The engine on a film from several of its frames on, as when reading goes on where it stopped. */
import { openFilm } from '../../../src/shared/video/open-film';
import { engine } from './engine';
import { fromBase64 } from './film';
import { createCanvas } from './pictures';

/**
 * @param beginnings frames, from each of which on `count` frames are tracked, without tracks from before
 * @returns how many faces each of them shows
 */
export async function countFacesFrom(
  film: string,
  beginnings: readonly number[],
  count: number,
): Promise<number[][]> {
  const frames = await framesOf(film);
  const counts: number[][] = [];
  for (const first of beginnings) {
    await engine().reset();
    const seen: number[] = [];
    for (const { bitmap, timeMs } of frames.slice(first, first + count)) {
      const result = await engine().track(await createImageBitmap(bitmap), timeMs);
      seen.push(result?.faces.length ?? NaN);
    }
    counts.push(seen);
  }
  frames.forEach(({ bitmap }) => bitmap.close());
  return counts;
}

async function framesOf(film: string): Promise<{ bitmap: ImageBitmap; timeMs: number }[]> {
  const reader = await openFilm(fromBase64(film), 'test film');
  const { width, height } = reader;
  const [canvas, context] = createCanvas(width, height);
  const frames: { bitmap: ImageBitmap; timeMs: number }[] = [];
  for await (const picture of reader.frames()) {
    picture.draw(context, width, height);
    frames.push({ bitmap: await createImageBitmap(canvas), timeMs: picture.timeMs });
    picture.close();
  }
  reader.close();
  return frames;
}

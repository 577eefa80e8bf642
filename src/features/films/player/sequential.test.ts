import { expect, it } from 'vitest';
import type { FilmPicture, FilmReader } from '../../../shared/video/types';
import { createSequentialReader } from './sequential';

const FRAMES = 100;

/** Frames 40 ms apart; `decoded` and `open` hold their times. */
function createFilm() {
  const decoded: number[] = [];
  const open = new Set<number>();
  const reader = {
    async *frames(fromMs = 0) {
      for (let i = Math.floor(fromMs / 40); i < FRAMES; i++) {
        const timeMs = 40 * i;
        decoded.push(timeMs);
        open.add(timeMs);
        yield { timeMs, close: () => open.delete(timeMs) } as unknown as FilmPicture;
      }
    },
  } as unknown as FilmReader;
  return { source: createSequentialReader(reader), decoded, open };
}

it('a jump decodes the frame that is shown then, and none after it', async () => {
  const { source, decoded, open } = createFilm();
  expect((await source.at(2000))?.timeMs).toBe(2000);
  expect((await source.at(80))?.timeMs).toBe(80);
  expect((await source.at(80))?.timeMs).toBe(80);
  expect(decoded).toEqual([2000, 80]);
  await source.close();
  expect([...open]).toEqual([]);
});

it('frames that follow are decoded once each, in a row', async () => {
  const { source, decoded, open } = createFilm();
  const shown: (number | undefined)[] = [];
  for (const timeMs of [0, 40, 75, 80, 200, 10_000]) shown.push((await source.at(timeMs))?.timeMs);
  expect(shown.slice(0, 5)).toEqual([0, 40, 40, 80, 200]);
  expect(decoded.slice(0, 6)).toEqual([0, 40, 80, 120, 160, 200]);
  await source.close();
  expect([...open]).toEqual([]);
});

it('after the last frame the last one is shown', async () => {
  const { source } = createFilm();
  await source.at(40 * (FRAMES - 1));
  expect((await source.at(40 * FRAMES + 100))?.timeMs).toBe(40 * (FRAMES - 1));
});

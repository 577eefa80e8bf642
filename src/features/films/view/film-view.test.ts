import { expect, it, vi } from 'vitest';
import { trackedFrames } from '../../../../tests/fixtures/tracked-frames';
import type { FilmLibrary } from '../library.svelte';
import { newFilm } from '../added-film';
import { createMemoryStorage } from '../storage/film-storage';
import { FilmView } from './film-view.svelte';
import { exportText } from '../exports/exports';

const FRAMES = 100;
const found = trackedFrames(FRAMES, [{ track: 1, frames: [[0, FRAMES - 1]], at: () => [0, 0] }]);
const scheme = { id: 'three', names: ['a', 'b', 'c'], pointCount: 3 };
const film = {
  ...newFilm(new File(['film'], 'walk.mp4', { lastModified: 1 }), { model: null, maxFaces: 4 }),
  ...{ state: 'reading', width: 8, height: 8, usedModel: 'lite', scheme },
} as unknown as FilmLibrary['films'][number];

async function setUp() {
  const storage = createMemoryStorage();
  const library = { films: [film], storage, file: () => null } as unknown as FilmLibrary;
  const read = async (from: number, to: number) => {
    const longer = { ...film, done: to, doneMs: found[to - 1].timeMs };
    await storage.append(longer, found.slice(from, to));
    library.films = [longer];
  };
  await read(0, 40);
  const view = new FilmView(library, film.id, film);
  await view.open();
  const options = { view, signal: new AbortController().signal, onProgress: vi.fn() };
  const rows = async () => {
    const { blob } = await exportText('csv', options as unknown as Parameters<typeof exportText>[1]);
    return (await blob.text()).trimEnd().split('\r\n').slice(1);
  };
  return { view, read, rows };
}
const faceOf = (row: string) => row.split(',')[3];

it('a film that is still being read is exported as far as the view knows it, and the view follows', async () => {
  const { view, read, rows } = await setUp();
  await read(40, 70);
  expect((await rows()).map(faceOf)).toEqual(Array(40).fill('1'));
  await view.follow();
  expect(view.data?.times).toHaveLength(70);
  expect((await rows()).map(faceOf)).toEqual(Array(70).fill('1'));
});

it('an export keeps to what was known when it began', async () => {
  const { view, read } = await setUp();
  const frames = view.frames();
  await read(40, FRAMES);
  await view.follow();
  let count = 0;
  for await (const { faces } of frames) {
    expect(faces).toHaveLength(1);
    count += 1;
  }
  expect(count).toBe(40);
});

it('frames before the start that were stored by an earlier version go into no file', async () => {
  const { view } = await setUp();
  const early = found.slice(0, 40).map((frame) => ({ ...frame, timeMs: frame.timeMs - 400 }));
  const storage = createMemoryStorage();
  await storage.append({ ...film, done: 40 }, early);
  Object.assign((view as unknown as { library: object }).library, { storage });
  const times: number[] = [];
  for await (const { timeMs } of view.frames()) times.push(timeMs);
  expect(times).toEqual(early.slice(10).map(({ timeMs }) => timeMs));
  expect(view.countsEarlyFrames).toBe(false);
  await view.open();
  expect(view.countsEarlyFrames).toBe(true);
});

import { expect, test, vi } from 'vitest';
import { isFileOf, isReadSo, newFilm } from './added-film';

const file = new File(['film'], 'walk.mp4', { lastModified: 1 });
const choice = { model: null, maxFaces: 4 };
const film = newFilm(file, choice);

test('a file is known again by its name, size and date', () => {
  expect(isFileOf(film, file)).toBe(true);
  const others = [
    new File(['film'], 'run.mp4', { lastModified: 1 }),
    new File(['films'], 'walk.mp4', { lastModified: 1 }),
    new File(['film'], 'walk.mp4', { lastModified: 2 }),
  ];
  expect(others.map((other) => isFileOf(film, other))).toEqual([false, false, false]);
});

test('no model and the first of the list are one; without the list none is known to be another', async () => {
  const isSo = (record: Partial<typeof film>, chosen: Partial<typeof choice>, first: string | null) =>
    isReadSo({ ...film, ...record }, { ...choice, ...chosen } as never, async () => first);
  const lite = { model: 'lite' } as object;
  expect(await isSo({}, lite, 'lite')).toBe(true);
  expect(await isSo(lite, {}, 'lite')).toBe(true);
  expect(await isSo({}, lite, 'unet')).toBe(false);
  expect(await isSo({}, lite, null)).toBe(true);
  // What it was read with counts, also where the list has another first model since.
  expect(await isSo({ usedModel: 'unet' }, lite, 'lite')).toBe(false);
  expect(await isSo({ usedModel: 'lite' }, lite, 'unet')).toBe(true);
});

test('another number of faces is another reading, and the list is asked only where it decides', async () => {
  const first = vi.fn(async () => 'lite');
  expect(await isReadSo(film, { ...choice, maxFaces: 1 }, first)).toBe(false);
  expect(await isReadSo(film, choice, first)).toBe(true);
  expect(first).not.toHaveBeenCalled();
});

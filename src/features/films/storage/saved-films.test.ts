import { beforeEach, expect, test, vi } from 'vitest';
import { StorageError } from '../../../shared/storage/storage-error';
import { newFilm } from '../added-film';
import { createMemoryStorage, FilmRemovedError } from './film-storage';
import { SavedFilms } from './saved-films';

const file = new File(['film'], 'walk.mp4', { lastModified: 1 });
const film = newFilm(file, { model: null, maxFaces: 4 });
const named = { ...film, names: { 1: 'Eileen' } };
const storage = createMemoryStorage();
const put = vi.spyOn(storage, 'put');
let saved: SavedFilms;

beforeEach(async () => {
  await storage.remove(film.id);
  saved = new SavedFilms();
  await saved.open(async () => storage);
});

test('what was said of people and found no room is told with the film, and stored with its next change', async () => {
  await saved.putFile(film, file);
  put.mockRejectedValueOnce(new StorageError('full', 'no room'));
  await expect(saved.put(named, true)).rejects.toThrow('no room');
  const [stored] = await saved.load();
  expect([stored.names, saved.asHere(stored, named).names]).toEqual([{}, named.names]);

  await saved.put({ ...named, state: 'paused' }, false);
  const [then] = await saved.load();
  expect([then.state, then.names]).toEqual(['paused', named.names]);
  // It is stored: what another tab says of people from now on stands.
  await storage.put({ ...named, names: { 1: 'Ann' } });
  await saved.put(named, false);
  expect((await saved.load())[0].names).toEqual({ 1: 'Ann' });
});

test('a film that was removed in another tab leaves nothing to be stored', async () => {
  put.mockRejectedValueOnce(new FilmRemovedError('walk.mp4'));
  await expect(saved.put(named, true)).rejects.toThrow(FilmRemovedError);
  expect(saved.asHere(film, named)).toEqual(film);
});

test('it knows what storage has, until that is removed', async () => {
  expect(saved.has(film.id)).toBe(false);
  await saved.put(film, false);
  expect([saved.has(film.id), await saved.load()]).toEqual([true, [film]]);
  await saved.remove(film.id);
  expect([saved.has(film.id), await saved.load()]).toEqual([false, []]);
});

test('where the browser keeps nothing, films last as long as the page and count as not stored', async () => {
  const fleeting = new SavedFilms();
  await expect(fleeting.open(() => Promise.reject(new Error('a private window')))).rejects.toThrow();
  await fleeting.put(film, false);
  expect([fleeting.isLasting, fleeting.has(film.id)]).toEqual([false, false]);
  expect(await fleeting.storage.load()).toEqual([film]);
});

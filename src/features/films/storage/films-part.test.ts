import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import { restoreBackup, saveBackup } from '../../../services/backup';
import { FilmLibrary, type FilmLibraryOptions } from '../library.svelte';
import { openFilmStorage } from './film-storage';
import { createFilmsPart } from './films-part';

// There is no private file system here.
vi.spyOn(console, 'warn').mockImplementation(() => undefined);
afterEach(() => vi.unstubAllGlobals());

const hooks = { signal: new AbortController().signal, onProgress: () => undefined };
const openLibrary = (openStorage: FilmLibraryOptions['openStorage']) =>
  new FilmLibrary({ host: {}, settings: () => ({ smoothing: 0.5 }), openStorage } as never);

test('films of a window that keeps nothing go into the file of everything, and come back elsewhere', async () => {
  vi.stubGlobal('navigator', { storage: { estimate: async () => ({}) } });
  const library = openLibrary(() => Promise.reject(new DOMException('a private window', 'SecurityError')));
  const adding = library.add([new File(['film'], 'walk.mp4', { lastModified: 1 })], {
    ...{ model: null, maxFaces: 4 },
  });
  await vi.waitFor(() => expect(library.films).toHaveLength(1));
  const [{ id }] = library.films;
  library.pause(id);
  await adding;
  await library.change(id, { names: { 1: 'Eileen' } });
  const face = { track: 1, points: Float32Array.of(1, 2) };
  const frames = Array.from({ length: 100 }, (_, index) => ({ index, timeMs: 40 * index, faces: [face] }));
  await library.storage.append(library.films[0], frames as never);

  vi.stubGlobal('indexedDB', undefined);
  const { blob, notes } = await saveBackup([createFilmsPart(library)], hooks);
  vi.unstubAllGlobals();
  expect(notes).toEqual(['In the file: 1 film.']);

  const there = openLibrary(openFilmStorage);
  expect(await restoreBackup(new File([blob], 'it.zip'), [createFilmsPart(there)], hooks)).toEqual([
    'Read back: 1 film.',
  ]);
  expect(there.films.map(({ names, isKept }) => [names, isKept])).toEqual([[{ 1: 'Eileen' }, true]]);
  expect(await there.file(id)!.text()).toBe('film');
  const came: number[] = [];
  for await (const { timeMs } of there.storage.frames(id)) came.push(timeMs);
  expect(came).toEqual(frames.map(({ timeMs }) => timeMs));
});

test('names that found no room are in the file, with all that is stored of their film, and are stored once there is room', async () => {
  vi.stubGlobal('navigator', { storage: { estimate: async () => ({ quota: 1e9, usage: 0 }) } });
  vi.stubGlobal('indexedDB', new IDBFactory());
  const library = openLibrary(openFilmStorage);
  await library.opened();
  const adding = library.add([new File(['film'], 'run.mp4', { lastModified: 1 })], {
    ...{ model: null, maxFaces: 4 },
  });
  await vi.waitFor(() => expect(library.films).toHaveLength(1));
  const [{ id }] = library.films;
  library.pause(id);
  await adding;
  const face = { track: 1, points: Float32Array.of(1, 2) };
  await library.storage.append(library.films[0], [{ index: 0, timeMs: 0, faces: [face] }] as never);
  const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('no room', 'QuotaExceededError');
  });
  await library.change(id, { names: { 1: 'Eileen' } });
  expect(library.problem).toContain('no room');
  const adding2 = library.add([new File(['second'], 'swim.mp4', { lastModified: 1 })], {
    ...{ model: null, maxFaces: 4 },
  });
  await vi.waitFor(() => expect(library.films).toHaveLength(2));
  const second = library.films[1].id;
  library.pause(second);
  await adding2;
  const { blob, notes } = await saveBackup([createFilmsPart(library)], hooks);
  full.mockRestore();
  expect(notes).toEqual(['In the file: 2 films.']);

  // What is read back takes neither from the screen, and names are stored with the next change.
  await library.refresh();
  expect(library.films.map(({ names }) => names)).toEqual([{ 1: 'Eileen' }, {}]);
  library.pause(id, 'cancelled');
  await vi.waitFor(async () => expect((await library.storage.load())[0].names).toEqual({ 1: 'Eileen' }));

  vi.stubGlobal('indexedDB', new IDBFactory());
  const there = openLibrary(openFilmStorage);
  await restoreBackup(new File([blob], 'it.zip'), [createFilmsPart(there)], hooks);
  const named = there.films.filter(({ names }) => names[1] === 'Eileen');
  expect([there.films.length, named.map((film) => film.id)]).toEqual([2, [id]]);
  expect(await there.file(second)!.text()).toBe('second');
  expect(await there.file(id)!.text()).toBe('film');
  expect((await there.storage.chunkAt(id, 0)).map(({ index }) => index)).toEqual([0]);
});

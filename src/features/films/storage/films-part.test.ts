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

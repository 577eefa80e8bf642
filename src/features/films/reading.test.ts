import 'fake-indexeddb/auto';
import { expect, it, vi } from 'vitest';
import { trackedFrames } from '../../../tests/fixtures/tracked-frames';
import { StorageError } from '../../shared/storage/storage-error';
import { FilmLibrary, type FilmLibraryOptions } from './library.svelte';
import { createMemoryStorage, openFilmStorage, type FilmStorage } from './storage/film-storage';
import type { TrackFramesOptions } from './tracking/track-frames';

const FRAMES = 200;
const found = trackedFrames(FRAMES, [{ track: 1, frames: [[0, FRAMES - 1]], at: () => [0, 0] }]);
/** Called before each frame. */
let beforeFrame: (index: number) => Promise<unknown> = async () => undefined;

vi.mock('../../shared/video/open-film', () => ({
  openFilm: async () => ({
    ...{ method: 'decoder', width: 8, height: 8, durationMs: 40 * FRAMES, hasSound: false },
    countFrames: async () => FRAMES,
    close: () => undefined,
  }),
}));
vi.mock('./tracking/track-frames', () => ({
  WARM_UP_FRAMES: 15,
  async *trackFrames({ before, signal }: TrackFramesOptions) {
    for (const frame of found.slice((before.at(-1)?.index ?? -1) + 1)) {
      await beforeFrame(frame.index);
      signal.throwIfAborted();
      yield { frame, manifest: { id: 'lite', scheme: {} } };
    }
  },
}));
vi.mock('./tracking/host-tracker', () => ({
  createHostTracker: () => ({}),
}));

async function setUp(storage: FilmStorage) {
  vi.stubGlobal('navigator', { storage: { estimate: async () => ({ quota: 1e9, usage: 0 }) } });
  const settings = () => ({ maxFaces: 4, smoothing: 0.5 });
  const options = { host: {}, settings, openStorage: async () => storage };
  const library = new FilmLibrary(options as unknown as FilmLibraryOptions);
  await library.opened();
  return library;
}
const add = (library: FilmLibrary, name: string) =>
  library.add([new File(['film'], name, { lastModified: 1 })], { model: null, maxFaces: 4 });
const states = (library: FilmLibrary) => library.films.map(({ name, state }) => [name, state]);
async function indicesOf(storage: FilmStorage, id: string): Promise<number[]> {
  const indices: number[] = [];
  for await (const { index } of storage.frames(id)) indices.push(index);
  return indices;
}

it('storage that is full stops reading with a message that names the film; with room again it goes on', async () => {
  beforeFrame = async () => undefined;
  const storage = createMemoryStorage();
  let isFull = false;
  const full = (name: string) => new StorageError('full', `film ${name}: QuotaExceededError`);
  const tight: FilmStorage = {
    ...storage,
    put: async (film) => {
      if (isFull) throw full(film.name);
      await storage.put(film);
    },
    append: async (film, chunk) => {
      isFull ||= chunk[0].index === 64;
      if (isFull) throw full(film.name);
      await storage.append(film, chunk);
    },
  };
  const library = await setUp(tight);
  await add(library, 'walk.mp4');
  await vi.waitFor(() => expect(states(library)).toEqual([['walk.mp4', 'failed']]));
  const [{ id, problem, done }] = library.films;
  expect(problem).toContain('walk.mp4');
  expect(problem).toContain('storage is full');
  expect(done).toBe(64);
  expect(await indicesOf(storage, id)).toEqual(found.slice(0, 64).map(({ index }) => index));

  Object.assign(tight, { put: storage.put, append: storage.append });
  library.resume(id);
  await vi.waitFor(() => expect(states(library)).toEqual([['walk.mp4', 'done']]));
  expect(await indicesOf(storage, id)).toEqual(found.map(({ index }) => index));
});

it('a film that is removed while it is read is gone, and the next one is read', async () => {
  const storage = await openFilmStorage(`films-${Math.random()}`);
  const library = await setUp(storage);
  let removing: Promise<void> | null = null;
  beforeFrame = async (index) => {
    if (index === 100) removing ??= library.remove(library.films[0].id);
  };
  await Promise.all([add(library, 'walk.mp4'), add(library, 'run.mp4')]);
  await vi.waitFor(() => expect(states(library)).toEqual([['run.mp4', 'done']]));
  await removing;
  expect((await storage.load()).map(({ name }) => name)).toEqual(['run.mp4']);
  expect(library.problem).toBe('');
});

it('a film that another tab removes while it is read does not come back in part, and the next one is read', async () => {
  const name = `films-${Math.random()}`;
  const storage = await openFilmStorage(name);
  const otherTab = await openFilmStorage(name);
  const library = await setUp(storage);
  let removed = '';
  beforeFrame = async (index) => {
    if (index !== 100 || removed) return;
    removed = library.films[0].id;
    await otherTab.remove(removed);
  };
  await add(library, 'walk.mp4');
  await add(library, 'run.mp4');
  await vi.waitFor(() => expect(states(library)).toEqual([['run.mp4', 'done']]));
  expect(library.problem).toContain('walk.mp4');
  expect(library.problem).toContain('removed in another tab');
  expect((await storage.load()).map((film) => film.name)).toEqual(['run.mp4']);
  expect(await indicesOf(storage, removed)).toEqual([]);
});

it('what is said of people while a film is read stays, with the ids that it was said of', async () => {
  const storage = createMemoryStorage();
  const library = await setUp(storage);
  const said = { names: { 5: 'Ada' }, people: { 1: 5 } };
  beforeFrame = async (index) => {
    if (index === 100) await library.change(library.films[0].id, said);
  };
  await add(library, 'walk.mp4');
  await vi.waitFor(() => expect(states(library)).toEqual([['walk.mp4', 'done']]));
  expect(library.films[0]).toMatchObject(said);
  expect(await storage.load()).toMatchObject([said]);
});

import { afterEach, expect, test, vi } from 'vitest';
import { FilmLibrary, type FilmLibraryOptions } from './library.svelte';
import { createMemoryStorage } from './storage/film-storage';

afterEach(() => vi.unstubAllGlobals());

/** A library in memory whose browser tells how much room it has when it is told to. */
async function setUp() {
  const storage = createMemoryStorage();
  let tellRoom: (room: StorageEstimate) => void = () => undefined;
  const estimate = new Promise<StorageEstimate>((resolve) => (tellRoom = resolve));
  vi.stubGlobal('navigator', { storage: { estimate: () => estimate } });
  const settings = () => ({ smoothing: 0.5 });
  const options = { host: {}, settings, openStorage: async () => storage } as unknown as FilmLibraryOptions;
  const library = new FilmLibrary(options);
  await library.opened();
  return { library, storage, tellRoom: () => tellRoom({ quota: 1e9, usage: 0 }) };
}
const film = () => new File(['film'], 'walk.mp4', { lastModified: 1 });
const choice = { model: null, maxFaces: 4 };

test('a film that is removed before it was kept does not come back', async () => {
  const { library, storage, tellRoom } = await setUp();
  const adding = library.add([film()], choice);
  await vi.waitFor(() => expect(library.films).toHaveLength(1));
  await library.remove(library.films[0].id);
  tellRoom();
  await adding;
  expect(library.films).toEqual([]);
  expect(await storage.load()).toEqual([]);
});

test('what happened to a film before it was kept is kept', async () => {
  const { library, storage, tellRoom } = await setUp();
  const adding = library.add([film()], choice);
  await vi.waitFor(() => expect(library.films).toHaveLength(1));
  const [{ id }] = library.films;
  library.pause(id);
  const put = vi.spyOn(storage, 'putFile');
  tellRoom();
  await adding;
  expect(put.mock.calls.map(([{ state, isKept }]) => [state, isKept])).toEqual([['paused', true]]);
  expect((await storage.load()).map(({ state, isKept }) => [state, isKept])).toEqual([['paused', true]]);
  expect(await storage.file(id)).not.toBeNull();
});

test('where the browser keeps nothing, the page says so, and not that a film is too large', async () => {
  vi.stubGlobal('navigator', { storage: { estimate: async () => ({}) } });
  const openStorage = async () => Promise.reject(new DOMException('a private window', 'SecurityError'));
  const library = new FilmLibrary({
    host: {},
    settings: () => ({ smoothing: 0.5 }),
    openStorage,
  } as unknown as FilmLibraryOptions);
  const adding = library.add([film()], choice);
  await vi.waitFor(() => expect(library.films).toHaveLength(1));
  library.pause(library.films[0].id);
  await adding;
  expect(library.problem).toMatch(/keeps nothing/);
  expect(library.films.map(({ notes, isKept }) => ({ notes, isKept }))).toEqual([
    { notes: [], isKept: false },
  ]);
});

test('a film that was kept is shown once its file is there', async () => {
  const { library: before, storage, tellRoom } = await setUp();
  tellRoom();
  await before.add([film()], choice);
  let giveFile: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (giveFile = resolve));
  const slow = { ...storage, file: (id: string) => held.then(() => storage.file(id)) };
  const options = { host: {}, settings: () => ({ smoothing: 0.5 }), openStorage: async () => slow };
  const library = new FilmLibrary(options as unknown as FilmLibraryOptions);
  const hadFile: boolean[] = [];
  const watching = vi.waitFor(() => {
    expect(library.films).toHaveLength(1);
    hadFile.push(library.hasFile(library.films[0].id));
  });
  await new Promise((resolve) => setTimeout(resolve, 120));
  giveFile();
  await watching;
  expect(hadFile).toEqual([true]);
});

test('a film that is added again with another model or number of faces is read so, or says why not', async () => {
  const { library, tellRoom } = await setUp();
  const models = async () => [{ id: 'lite', title: 'Mien lite' }];
  Object.assign((library as unknown as { options: object }).options, { models });
  tellRoom();
  await library.add([film()], choice);
  library.pause(library.films[0].id);
  expect(await library.add([film()], { model: 'resnet', maxFaces: 1 })).toBe('');
  expect(library.films.map(({ model, maxFaces }) => [model, maxFaces])).toEqual([['resnet', 1]]);

  library.films = [{ ...library.films[0], ...choice, usedModel: 'lite', done: 3, state: 'done' }];
  for (const same of [choice, { ...choice, model: 'lite' }])
    expect(await library.add([film()], same)).toBe('');
  for (const other of [
    { ...choice, model: 'resnet' },
    { ...choice, maxFaces: 1 },
  ]) {
    expect(await library.add([film()], other)).toMatch(/walk\.mp4 is here already.*remove it/);
    expect(library.films).toMatchObject([{ ...choice, done: 3, state: 'done' }]);
  }
});

test('a film waits for the lock of a page that goes away, and says so where another tab keeps it', async () => {
  vi.useFakeTimers();
  try {
    const asked: { grant: () => void }[] = [];
    const request = (_: string, { signal }: LockOptions, run: (lock: unknown) => Promise<boolean>) =>
      new Promise((resolve, reject) => {
        asked.push({ grant: () => resolve(run({})) });
        signal!.addEventListener('abort', () => reject(signal!.reason));
      });
    const stub = async () => {
      vi.stubGlobal('navigator', { locks: { request }, storage: { estimate: async () => ({}) } });
      const openStorage = async () => createMemoryStorage();
      const library = new FilmLibrary({
        ...{ host: {}, settings: () => ({ smoothing: 0.5 }), openStorage },
      } as unknown as FilmLibraryOptions);
      await library.add([film()], choice);
      return library;
    };
    const library = await stub();
    await vi.advanceTimersByTimeAsync(1000);
    asked[0].grant();
    await vi.advanceTimersByTimeAsync(5000);
    // There is no engine here: it was begun.
    expect([library.problem, library.films[0].state]).toEqual(['', 'failed']);
    const stopped = await stub();
    await vi.advanceTimersByTimeAsync(1000);
    await stopped.remove(stopped.films[0].id);
    expect([stopped.films, stopped.problem]).toEqual([[], '']);
    const other = await stub();
    await vi.advanceTimersByTimeAsync(5000);
    expect(other.problem).toContain('Another tab of Mien reads films');
    expect(other.films[0].state).toBe('waiting');
  } finally {
    vi.useRealTimers();
  }
});

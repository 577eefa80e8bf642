import 'fake-indexeddb/auto';
import { IDBFactory, IDBObjectStore as FakeObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { addMarked } from '../marks/marks';
import { addPoint, newScheme } from '../marks/scheme';
import { fromNetwork } from '../corrections/faces';
import type { PhotoModel, PhotoResult } from '../types';
import { openDB } from 'idb';
import { migrations, type PhotoRecord } from './photo-schema';
import { openPhotoStorage, type PhotoStorage } from './photo-storage';

const model: PhotoModel = {
  id: 'small',
  title: 'Small',
  family: 'regression',
  scheme: {
    id: 'two',
    pointCount: 2,
    names: ['left', 'right'],
    groups: {},
    edges: [],
    mirror: [1, 0],
    normalisingPair: [0, 1],
    eyes: [[0], [1]],
    meanFace: null,
  },
};

const photo = (name: string, addedMs: number): PhotoRecord => ({
  id: `id of ${name}`,
  name,
  folder: '',
  type: 'image/png',
  bytes: 7,
  width: 40,
  height: 30,
  addedMs,
  thumbnail: new Blob(['small']),
  truth: [new Float32Array([1, 2, 3, 4])],
});

const result = (x: number): PhotoResult => ({
  model: model.id,
  corrected: null,
  found: fromNetwork([
    {
      points: new Float32Array([x, 2, 3, 4]),
      spread: new Float32Array([0.5, 0.25]),
      box: { x, y: 2, width: 3 - x, height: 2 },
      score: 0.75,
      id: 1,
    },
  ]),
});

/** As the browser does where a quota is used up: the request fails and its transaction is undone. */
function refuseRoom(storeName: string): void {
  const { add, put } = FakeObjectStore.prototype;
  const refuse = (real: typeof put) =>
    function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
      if (this.name === storeName) throw new DOMException('no room', 'QuotaExceededError');
      return real.call(this as never, value as never, key as never);
    };
  vi.spyOn(FakeObjectStore.prototype, 'add').mockImplementation(refuse(add) as never);
  vi.spyOn(FakeObjectStore.prototype, 'put').mockImplementation(refuse(put) as never);
}

/** A database as version 1 of the schema made it. */
function openVersion1(name: string) {
  return openDB(name, 1, {
    upgrade: (db, _old, _new, upgrade) => void migrations[0](db as never, upgrade as never),
  });
}

const ears = { id: 'ears', title: 'Ears', addedMs: 3, points: [], removed: [], pairs: [], lines: [] };

describe('photo storage', () => {
  let storage: PhotoStorage;

  beforeEach(async () => {
    vi.stubGlobal('indexedDB', new IDBFactory());
    storage = await openPhotoStorage();
  });
  afterEach(() => {
    storage.close();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  /** Closed and opened again, as by a reload. */
  async function reload() {
    storage.close();
    storage = await openPhotoStorage();
    return storage.load();
  }

  test('pictures, points and models come back as they were, in the order they were added', async () => {
    const [late, early] = [photo('late.png', 2), photo('early.png', 1)];
    await storage.add(late, new Blob(['late bytes']));
    await storage.add(early, new Blob(['early bytes']));
    await storage.putResults(late, [result(1)], [model]);
    const { photos, models } = await reload();
    expect(photos.map(({ name }) => name)).toEqual(['early.png', 'late.png']);
    expect(photos.map(({ results }) => results)).toEqual([{}, { small: result(1) }]);
    expect(photos[1].truth).toEqual(late.truth);
    expect(models).toEqual({ small: model });
    expect(await (await storage.file(late)).text()).toBe('late bytes');
  });

  test('the browser is asked to clear nothing by itself with the first correction, not before', async () => {
    const persist = vi.fn(async () => false);
    vi.stubGlobal('navigator', { storage: { persist } });
    const one = photo('one.png', 1);
    await storage.add(one, new Blob());
    await storage.putResults(one, [result(1)], [model]);
    expect(persist).not.toHaveBeenCalled();
    await storage.putResults(one, [{ ...result(1), corrected: [] }], [model]);
    await vi.waitFor(() => expect(persist).toHaveBeenCalledTimes(1));
  });

  test.each([
    [
      'the first point of one’s own',
      (to: PhotoStorage) => to.putScheme({ ...ears, points: [{ id: 'a', name: 'lobe' }] }),
    ],
    ['the first lesson', (to: PhotoStorage) => to.putLesson({ id: 'my-face' } as never)],
  ])('the browser is asked so with %s too', async (_, write) => {
    const persist = vi.fn(async () => false);
    vi.stubGlobal('navigator', { storage: { persist } });
    vi.resetModules();
    const fresh = await (await import('./photo-storage')).openPhotoStorage();
    await fresh.putScheme(ears);
    expect(persist).not.toHaveBeenCalled();
    await write(fresh);
    fresh.close();
    await vi.waitFor(() => expect(persist).toHaveBeenCalledTimes(1));
  });

  test('newer points take the place of older ones of the same model', async () => {
    const one = photo('one.png', 1);
    await storage.add(one, new Blob());
    await storage.putResults(one, [result(1)], [model]);
    await storage.putResults(one, [result(2), { ...result(9), model: 'other' }], [model]);
    const [{ results }] = (await reload()).photos;
    expect([results.small.found![0].points[0], results.other.found![0].points[0]]).toEqual([2, 9]);
  });

  test('nothing at all is left of what is cleared', async () => {
    await storage.add(photo('one.png', 1), new Blob());
    await storage.putScheme({ id: 's', title: 'Beard', points: [] } as never);
    await storage.putLesson({ id: 'my-face', model: 'm' } as never);
    await storage.clear();
    expect(await reload()).toEqual({ photos: [], models: {}, schemes: {}, lessons: {} });
  });

  test('a removed picture takes its file and points along, and nothing of another', async () => {
    const [one, two] = [photo('one.png', 1), photo('two.png', 2)];
    for (const each of [one, two]) {
      await storage.add(each, new Blob([each.name]));
      await storage.putResults(each, [result(1)], [model]);
    }
    await storage.remove(one.id);
    const { photos } = await reload();
    expect(photos.map(({ name, results }) => [name, Object.keys(results)])).toEqual([['two.png', ['small']]]);
    await expect(storage.file(one)).rejects.toThrow('picture one.png: its file is not in storage any more');
    expect(await (await storage.file(two)).text()).toBe('two.png');
  });

  test('where a file finds no room, neither does its record, and all that was there stays', async () => {
    const [one, two] = [photo('one.png', 1), photo('two.png', 2)];
    await storage.add(one, new Blob(['one']));
    await storage.putResults(one, [result(1)], [model]);
    refuseRoom('files');
    await expect(storage.add(two, new Blob(['two']))).rejects.toMatchObject({
      problem: 'full',
      message: 'picture two.png: no room',
    });
    vi.restoreAllMocks();
    const { photos } = await reload();
    expect(photos.map(({ name }) => name)).toEqual(['one.png']);
    expect(photos[0].results.small).toEqual(result(1));
  });

  test('where corrections find no room, the points from before stay', async () => {
    const one = photo('one.png', 1);
    await storage.add(one, new Blob());
    await storage.putResults(one, [result(1)], [model]);
    // The models are written last: what went before them in the same transaction has to go back.
    refuseRoom('models');
    await expect(storage.putResults(one, [result(2)], [model])).rejects.toMatchObject({ problem: 'full' });
    vi.restoreAllMocks();
    expect((await reload()).photos[0].results.small).toEqual(result(1));
  });

  test('a database of version 1 keeps its pictures, files and points, and learns the sizes of the files', async () => {
    const one = photo('one.png', 1);
    const old = await openVersion1('old');
    const { bytes: _unknown, ...record } = one;
    await old.put('photos', record);
    await old.put('files', new Blob(['five!']), one.id);
    await old.put('results', { model: model.id, faces: result(1).found, corrected: false, photo: one.id });
    await old.put('models', model);
    old.close();
    storage.close();
    storage = await openPhotoStorage({ name: 'old' });
    expect(await storage.load()).toEqual({
      photos: [{ ...one, bytes: 5, results: { small: result(1) }, marks: {} }],
      models: { small: model },
      schemes: {},
      lessons: {},
    });
    expect(await (await storage.file(one)).text()).toBe('five!');
  });

  test('a database of version 4 keeps its pictures and corrections, and takes marks from then on', async () => {
    const old = await openDB('old', 4, {
      upgrade: async (db, _old, _new, upgrade) => {
        for (const migrate of migrations.slice(0, 4)) await migrate(db as never, upgrade as never);
      },
    });
    const one = photo('one.png', 1);
    await old.put('photos', one);
    await old.put('files', new Blob(['bytes']), one.id);
    await old.put('results', { photo: one.id, ...result(1) });
    await old.put('models', model);
    old.close();
    storage.close();
    storage = await openPhotoStorage({ name: 'old' });
    const scheme = addPoint(newScheme('Beak', 0, 'beak'), 'tip', 'tip');
    const box = { x: 0, y: 0, width: 9, height: 9 };
    const faces = addMarked([], { box, landmarks: { model: 'small', points: Float32Array.of(1, NaN) } });
    expect(await storage.putMarks(one, [{ scheme: 'beak', faces }], [scheme])).toBe(true);
    const kept = { ...one, results: { small: result(1) } };
    expect(await storage.load()).toEqual({
      photos: [{ ...kept, marks: { beak: faces } }],
      models: { small: model },
      schemes: { beak: scheme },
      lessons: {},
    });
    await storage.removeScheme('beak');
    expect(await storage.load()).toMatchObject({ photos: [{ ...kept, marks: {} }], schemes: {} });
  });

  test('a database of version 2 keeps every correction: moved points, added faces, and faces that were deleted', async () => {
    const old = await openDB('old', 2, {
      upgrade: async (db, _old, _new, upgrade) => {
        for (const migrate of migrations.slice(0, 2)) await migrate(db as never, upgrade as never);
      },
    });
    const [one, two] = [photo('one.png', 1), photo('two.png', 2)];
    for (const each of [one, two]) {
      await old.put('photos', each);
      await old.put('files', new Blob(['bytes']), each.id);
    }
    // As that version wrote them: face 1 moved, face 2 deleted, face 3 added by hand and not moved.
    const [network] = fromNetwork([{ ...result(1).found![0] }]);
    const moved = { ...network, points: new Float32Array([9, 2, 3, 4]), spread: new Float32Array([0, 0.25]) };
    const added = { ...network, id: 3 };
    await old.put('results', { photo: one.id, model: 'small', faces: [moved, added], corrected: true });
    await old.put('results', { photo: one.id, model: 'other', faces: [network], corrected: false });
    // All faces deleted by hand.
    await old.put('results', { photo: two.id, model: 'small', faces: [], corrected: true });
    await old.put('models', model);
    old.close();
    storage.close();
    storage = await openPhotoStorage({ name: 'old' });
    const { photos, models } = await storage.load();
    expect(photos).toEqual([
      {
        ...one,
        results: {
          small: { model: 'small', found: null, corrected: [moved, added] },
          other: { model: 'other', found: [network], corrected: null },
        },
        marks: {},
      },
      { ...two, results: { small: { model: 'small', found: null, corrected: [] } }, marks: {} },
    ]);
    expect(photos[0].results.small.corrected![0].network).toEqual(network.network);
    expect(models).toEqual({ small: model });
    expect(await (await storage.file(two)).text()).toBe('bytes');
  });

  test('a database of version 3 keeps corrections under the id of the model that took the place of theirs', async () => {
    const old = await openDB('old', 3, {
      upgrade: async (db, _old, _new, upgrade) => {
        for (const migrate of migrations.slice(0, 3)) await migrate(db as never, upgrade as never);
      },
    });
    const [one, two, three] = [photo('one.png', 1), photo('two.png', 2), photo('three.png', 3)];
    for (const each of [one, two, three]) await old.put('photos', each);
    const faces = result(1).found!;
    const put = (of: { id: string }, name: string, found: unknown, corrected: unknown) =>
      old.put('results', { photo: of.id, model: name, found, corrected });
    await put(one, 'resnet18', faces, faces);
    await put(two, 'resnet18', faces, null);
    // Two former models of one successor, both corrected.
    await put(three, 'resnet-lite', faces, faces);
    await put(three, 'resnet-lite-poses', faces, []);
    await put(three, 'small', faces, null);
    await old.put('models', { ...model, id: 'resnet18' });
    old.close();
    storage.close();
    storage = await openPhotoStorage({ name: 'old' });
    const { photos, models } = await storage.load();
    expect(photos.map(({ results }) => results)).toEqual([
      { resnet: { model: 'resnet', found: null, corrected: faces } },
      {},
      {
        lite: { model: 'lite', found: null, corrected: faces },
        'resnet-lite-poses': { model: 'resnet-lite-poses', found: faces, corrected: [] },
        small: { model: 'small', found: faces, corrected: null },
      },
    ]);
    expect(models.resnet).toEqual({ ...model, id: 'resnet' });
  });

  test('a record of a picture that another tab removed is not written again', async () => {
    const one = photo('one.png', 1);
    await storage.add(one, new Blob());
    expect(await storage.putPhoto({ ...one, truth: [] })).toBe(true);
    await storage.remove(one.id);
    expect(await storage.putPhoto(one)).toBe(false);
    expect(await storage.putResults(one, [result(1)], [model])).toBe(false);
    expect(await reload()).toEqual({ photos: [], models: {}, schemes: {}, lessons: {} });
  });

  test('a migration that fails leaves the database as it was', async () => {
    const old = await openVersion1('old');
    await old.put('photos', { id: 'one' });
    old.close();
    vi.spyOn(FakeObjectStore.prototype, 'openCursor').mockImplementation(() => {
      throw new Error('the disk is broken');
    });
    await expect(openPhotoStorage({ name: 'old' })).rejects.toMatchObject({
      problem: 'unavailable',
      message: 'storage: the disk is broken',
    });
    vi.restoreAllMocks();
    const still = await openDB('old');
    expect([still.version, await still.get('photos', 'one')]).toEqual([1, { id: 'one' }]);
    still.close();
  });

  test('a tab with a newer version gets the database at once, and this one says that it is closed', async () => {
    const one = photo('one.png', 1);
    const newer = indexedDB.open('mien-photos', 999);
    await new Promise((resolve) => (newer.onsuccess = resolve));
    newer.result.close();
    await expect(storage.add(one, new Blob())).rejects.toMatchObject({ problem: 'closed' });
    await expect(openPhotoStorage()).rejects.toMatchObject({ problem: 'newer' });
  });

  test('an old tab that holds on is told of, and opening goes on once it lets go', async () => {
    const old = await openVersion1('held');
    const onBlocked = vi.fn(() => old.close());
    storage.close();
    storage = await openPhotoStorage({ name: 'held', onBlocked });
    expect(onBlocked).toHaveBeenCalledTimes(1);
    expect((await storage.load()).photos).toEqual([]);
  });

  test('a browser without a database, or with a forbidden one, is told apart from a defect', async () => {
    vi.stubGlobal('indexedDB', undefined);
    await expect(openPhotoStorage()).rejects.toMatchObject({ problem: 'unavailable' });
    vi.stubGlobal('indexedDB', {
      open() {
        throw new DOMException('storage is forbidden', 'SecurityError');
      },
    });
    await expect(openPhotoStorage()).rejects.toMatchObject({
      problem: 'unavailable',
      message: 'storage: storage is forbidden',
    });
  });
});

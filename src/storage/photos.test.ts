import 'fake-indexeddb/auto';
import { IDBFactory, IDBObjectStore as FakeObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fromNetwork } from '../photos/edit/faces';
import type { PhotoModel, PhotoResult } from '../photos/types';
import { openDB } from 'idb';
import { migrations, type PhotoRecord } from './photo-schema';
import { openPhotoStore, type PhotoStore } from './photos';

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
  corrected: false,
  faces: fromNetwork([
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

describe('photo store', () => {
  let store: PhotoStore;

  beforeEach(async () => {
    vi.stubGlobal('indexedDB', new IDBFactory());
    store = await openPhotoStore();
  });
  afterEach(() => {
    store.close();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  /** Closed and opened again, as by a reload. */
  async function reload() {
    store.close();
    store = await openPhotoStore();
    return store.load();
  }

  test('pictures, points and models come back as they were, in the order they were added', async () => {
    const [late, early] = [photo('late.png', 2), photo('early.png', 1)];
    await store.add(late, new Blob(['late bytes']));
    await store.add(early, new Blob(['early bytes']));
    await store.putResults(late, [result(1)], [model]);
    const { photos, models } = await reload();
    expect(photos.map(({ name }) => name)).toEqual(['early.png', 'late.png']);
    expect(photos.map(({ results }) => results)).toEqual([{}, { small: result(1) }]);
    expect(photos[1].truth).toEqual(late.truth);
    expect(models).toEqual({ small: model });
    expect(await (await store.file(late)).text()).toBe('late bytes');
  });

  test('the browser is asked once, with the first picture, to clear nothing by itself', async () => {
    const persist = vi.fn(async () => false);
    vi.stubGlobal('navigator', { storage: { persist } });
    await store.load();
    expect(persist).not.toHaveBeenCalled();
    for (const name of ['one.png', 'two.png']) await store.add(photo(name, 1), new Blob());
    expect(persist).toHaveBeenCalledTimes(1);
  });

  test('newer points take the place of older ones of the same model', async () => {
    const one = photo('one.png', 1);
    await store.add(one, new Blob());
    await store.putResults(one, [result(1)], [model]);
    await store.putResults(one, [result(2), { ...result(9), model: 'other' }], [model]);
    const [{ results }] = (await reload()).photos;
    expect([results.small.faces[0].points[0], results.other.faces[0].points[0]]).toEqual([2, 9]);
  });

  test('a removed picture takes its file and points along, and nothing of another', async () => {
    const [one, two] = [photo('one.png', 1), photo('two.png', 2)];
    for (const each of [one, two]) {
      await store.add(each, new Blob([each.name]));
      await store.putResults(each, [result(1)], [model]);
    }
    await store.remove(one.id);
    const { photos } = await reload();
    expect(photos.map(({ name, results }) => [name, Object.keys(results)])).toEqual([['two.png', ['small']]]);
    await expect(store.file(one)).rejects.toThrow('picture one.png: its file is not in storage any more');
    expect(await (await store.file(two)).text()).toBe('two.png');
  });

  test('where a file finds no room, neither does its record, and all that was there stays', async () => {
    const [one, two] = [photo('one.png', 1), photo('two.png', 2)];
    await store.add(one, new Blob(['one']));
    await store.putResults(one, [result(1)], [model]);
    refuseRoom('files');
    await expect(store.add(two, new Blob(['two']))).rejects.toMatchObject({
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
    await store.add(one, new Blob());
    await store.putResults(one, [result(1)], [model]);
    // The models are written last: what went before them in the same transaction has to go back.
    refuseRoom('models');
    await expect(store.putResults(one, [result(2)], [model])).rejects.toMatchObject({ problem: 'full' });
    vi.restoreAllMocks();
    expect((await reload()).photos[0].results.small).toEqual(result(1));
  });

  test('a database of version 1 keeps its pictures, files and points, and learns the sizes of the files', async () => {
    const one = photo('one.png', 1);
    const old = await openVersion1('old');
    const { bytes: _unknown, ...record } = one;
    await old.put('photos', record);
    await old.put('files', new Blob(['five!']), one.id);
    await old.put('results', { ...result(1), photo: one.id });
    await old.put('models', model);
    old.close();
    store.close();
    store = await openPhotoStore({ name: 'old' });
    expect(await store.load()).toEqual({
      photos: [{ ...one, bytes: 5, results: { small: result(1) } }],
      models: { small: model },
    });
    expect(await (await store.file(one)).text()).toBe('five!');
  });

  test('a migration that fails leaves the database as it was', async () => {
    const old = await openVersion1('old');
    await old.put('photos', { id: 'one' });
    old.close();
    vi.spyOn(FakeObjectStore.prototype, 'openCursor').mockImplementation(() => {
      throw new Error('the disk is broken');
    });
    await expect(openPhotoStore({ name: 'old' })).rejects.toMatchObject({
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
    await expect(store.add(one, new Blob())).rejects.toMatchObject({ problem: 'closed' });
    await expect(openPhotoStore()).rejects.toMatchObject({ problem: 'newer' });
  });

  test('an old tab that holds on is told of, and opening goes on once it lets go', async () => {
    const old = await openVersion1('held');
    const onBlocked = vi.fn(() => old.close());
    store.close();
    store = await openPhotoStore({ name: 'held', onBlocked });
    expect(onBlocked).toHaveBeenCalledTimes(1);
    expect((await store.load()).photos).toEqual([]);
  });

  test('a browser without a database, or with a forbidden one, is told apart from a defect', async () => {
    vi.stubGlobal('indexedDB', undefined);
    await expect(openPhotoStore()).rejects.toMatchObject({ problem: 'unavailable' });
    vi.stubGlobal('indexedDB', {
      open() {
        throw new DOMException('storage is forbidden', 'SecurityError');
      },
    });
    await expect(openPhotoStore()).rejects.toMatchObject({
      problem: 'unavailable',
      message: 'storage: storage is forbidden',
    });
  });
});

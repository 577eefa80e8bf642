import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { foundFace, newPhoto, photoModel, nothingTaught } from '../../../../tests/fixtures/photos';
import { restoreBackup, saveBackup } from '../../../services/backup';
import { StorageError } from '../../../shared/storage/storage-error';
import { fromNetwork, movePoints } from '../corrections/faces';
import { PhotoLibrary } from '../library.svelte';
import { openPhotoStorage, type OpenPhotoStorage } from './photo-storage';
import { createPhotosPart } from './photos-part';
import type { Lesson, MarkedFace } from '../types';

// There is no private file system here.
vi.spyOn(console, 'warn').mockImplementation(() => undefined);

const hooks = { signal: new AbortController().signal, onProgress: () => undefined };

/** A browser of which nothing else uses the database from now on. */
async function openDevice(openStorage: OpenPhotoStorage = openPhotoStorage, indexedDb = new IDBFactory()) {
  globalThis.indexedDB = indexedDb;
  const host = { progress: null, run: () => Promise.reject(new Error('no engine here')) };
  const library = new PhotoLibrary({
    host,
    models: async () => [],
    taught: nothingTaught,
    settings: { model: null },
    openStorage,
  });
  await library.opened();
  library.store.learn(photoModel('small'));
  const part = createPhotosPart(library);
  return {
    library,
    store: library.store,
    indexedDb,
    save: async () => new File([(await saveBackup([part], hooks)).blob], 'it.zip'),
    read: (file: File) => restoreBackup(file, [part], hooks),
  };
}
type Device = Awaited<ReturnType<typeof openDevice>>;

const found = fromNetwork([foundFace(3, 4)]);
const moved = (px: number) => movePoints(found, found[0].id, [0], { x: px, y: 0 });
const correct = ({ store }: Device, id: string, px: number) =>
  store.setResult(id, 'small', { corrected: moved(px) });

/** A device with a picture, and the file of it as it is then. */
async function withPicture() {
  const device = await openDevice();
  const { id } = device.store.add(newPhoto('anna.jpg'));
  device.store.setResult(id, 'small', { found });
  await device.store.settled();
  return { device, id, before: await device.save() };
}

beforeEach(() => void vi.stubGlobal('localStorage', undefined));

const scheme = {
  ...{ id: 'ears', title: 'Ears', addedMs: 3, removed: [], pairs: [], lines: [] },
  points: [{ id: 'a', name: 'lobe' }],
};
const marked = {
  id: 1,
  box: { x: 0, y: 0, width: 9, height: 9 },
  landmarks: null,
  points: { a: [2, 3] },
} as unknown as MarkedFace;

describe('pictures in a file of everything', () => {
  test('come with file, points and corrections, and are shown at once', async () => {
    const { device, id } = await withPicture();
    correct(device, id, 5);
    device.store.change(id, { work: { kind: 'done' }, truth: [Float32Array.of(1, NaN)] });
    const there = await openDeviceFor(await device.save());
    expect(there.told).toEqual(['Read back: 1 picture.']);
    const { store } = there.device;
    expect(store.photos).toEqual(device.store.photos);
    expect(store.models).toEqual({ small: photoModel('small') });
    expect(await (await store.file(id)).text()).toBe('anna.jpg');
  });

  test('come with the points of a person’s own, and what is marked with them', async () => {
    const { device, id } = await withPicture();
    device.store.putScheme(scheme);
    device.store.setMarks(id, 'ears', [marked]);
    await device.store.settled();
    const there = await openDeviceFor(await device.save());
    expect(there.told).toEqual(['Read back: 1 set of points, 1 picture.']);
    const { store } = there.device;
    expect(store.schemes).toEqual({ ears: scheme });
    expect(store.get(id).marks).toEqual({ ears: [marked] });
  });

  test('that lack corrections here get them; what the network found here stays', async () => {
    const { device, id, before } = await withPicture();
    correct(device, id, 5);
    const file = await device.save();
    const { device: there } = await openDeviceFor(before);
    const again = fromNetwork([foundFace(30, 40)]);
    there.store.setResult(id, 'small', { found: again });
    await there.store.settled();
    expect(await there.read(file)).toEqual(['What was missing here was taken over: anna.jpg.']);
    expect(there.store.get(id).results.small).toEqual({ model: 'small', found: again, corrected: moved(5) });
    // It is saved like any other change afterwards.
    correct(there, id, 7);
    await there.store.settled();
    const later = await openDevice(openPhotoStorage, there.indexedDb);
    expect(later.store.get(id).results.small.corrected).toEqual(moved(7));
  });

  test('that were corrected otherwise are there twice', async () => {
    const { device, id, before } = await withPicture();
    correct(device, id, 5);
    const file = await device.save();
    const { device: there } = await openDeviceFor(before);
    correct(there, id, 9);
    await there.store.settled();
    expect(await there.read(file)).toEqual(['Not the same as here, so both are kept: anna.jpg.']);
    expect(there.store.photos.map(({ name, results }) => [name, results.small.corrected])).toEqual([
      ['anna.jpg', moved(9)],
      ['anna.jpg', moved(5)],
    ]);
    const copy = there.store.photos[1];
    expect(await (await there.store.file(copy.id)).text()).toBe('anna.jpg');
  });

  test('that found no room here are in it all the same', async () => {
    const full = new StorageError('full', 'picture: no room');
    const device = await openDevice(async (options) => ({
      ...(await openPhotoStorage(options)),
      add: () => Promise.reject(full),
    }));
    const { id } = device.store.add(newPhoto('anna.jpg'));
    device.store.setResult(id, 'small', { corrected: moved(5) });
    const { device: there } = await openDeviceFor(await device.save());
    expect(there.store.get(id).results.small.corrected).toEqual(moved(5));
    expect(await (await there.store.file(id)).text()).toBe('anna.jpg');
  });

  test('of a window that keeps nothing come with the points of a person’s own and what is known of the model', async () => {
    const device = await openDevice(() =>
      Promise.reject(new StorageError('unavailable', 'storage: a private window')),
    );
    const { id } = device.store.add(newPhoto('anna.jpg'));
    device.store.setResult(id, 'small', { found });
    device.store.putScheme(scheme);
    device.store.setMarks(id, 'ears', [marked]);
    device.store.setLesson({ id: 'ears', model: 'ears-123456' } as unknown as Lesson);
    await device.store.settled();
    globalThis.indexedDB = undefined as never;
    const { device: there } = await openDeviceFor(await device.save());
    expect(there.store.schemes).toEqual({ ears: scheme });
    expect(there.store.models).toEqual({ small: photoModel('small') });
    expect(there.store.get(id).marks).toEqual({ ears: [marked] });
    expect(Object.keys(there.store.lessons)).toEqual(['ears']);
  });

  test('whose corrections found no room here are in it as they are here', async () => {
    const { device: before, id } = await withPicture();
    const full = new StorageError('full', 'picture: no room');
    const device = await openDevice(
      async (options) => ({
        ...(await openPhotoStorage(options)),
        putResults: () => Promise.reject(full),
        putScheme: () => Promise.reject(full),
      }),
      before.indexedDb,
    );
    correct(device, id, 5);
    device.store.putScheme(scheme);
    await device.store.settled();
    const { device: there, told } = await openDeviceFor(await device.save());
    expect(told).toEqual(['Read back: 1 set of points, 1 picture.']);
    expect(there.store.get(id).results.small.corrected).toEqual(moved(5));
    expect(await (await there.store.file(id)).text()).toBe('anna.jpg');
    expect(there.store.schemes).toEqual({ ears: scheme });
  });

  test('bring points that a set here lacks, and they are not lost with the next change', async () => {
    const { device } = await withPicture();
    const more = { ...scheme, points: [...scheme.points, { id: 'b', name: 'tip' }] };
    device.store.putScheme(more);
    await device.store.settled();
    const file = await device.save();
    const there = await openDevice();
    there.store.putScheme(scheme);
    await there.store.settled();
    await there.read(file);
    expect(there.store.schemes).toEqual({ ears: more });
  });
});

/** Another device that has read the file. */
async function openDeviceFor(file: File) {
  const device = await openDevice();
  return { device, told: await device.read(file) };
}

test('what found no room before is stored before a file is read back: what comes does not stand in its way', async () => {
  const { before } = await withPicture();
  let isFull = true;
  const there = await openDevice(async (options) => {
    const storage = await openPhotoStorage(options);
    const add: typeof storage.add = (...picture) =>
      isFull ? Promise.reject(new StorageError('full', 'no room')) : storage.add(...picture);
    return { ...storage, add };
  });
  there.store.add(newPhoto('bert.jpg'));
  await there.store.settled();
  expect(there.store.storage.kind).toBe('failed');
  isFull = false;
  await there.read(before);
  expect(there.store.storage.kind).toBe('ready');
  expect(there.store.photos.map(({ name, isKept }) => [name, isKept])).toEqual([
    ['anna.jpg', true],
    ['bert.jpg', true],
  ]);
});

test('one picture corrected otherwise on two devices is there twice on each, however often they exchange files', async () => {
  const { device: one, id, before } = await withPicture();
  const on = async <T>(device: Device, run: () => Promise<T>) => {
    globalThis.indexedDB = device.indexedDb;
    const result = await run();
    await device.store.settled();
    return result;
  };
  const other = await openDevice();
  await on(other, () => other.read(before));
  await on(other, async () => correct(other, id, 7));
  await on(one, async () => correct(one, id, 5));
  const firstXs = ({ store }: Device) =>
    store.photos.map(({ results }) => results.small.corrected![0].points[0]).sort((a, b) => a - b);
  for (let round = 0; round < 3; round++) {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ]) {
      const file = await on(from, () => from.save());
      await on(to, () => to.read(file));
    }
    expect([firstXs(one), firstXs(other)]).toEqual([
      [8, 10],
      [8, 10],
    ]);
  }
});

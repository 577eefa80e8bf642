import { describe, expect, test, vi } from 'vitest';
import { StorageError } from '../../shared/storage/storage-error';
import { fromNetwork } from './corrections/faces';
import { PhotoStore } from './store.svelte';
import { foundFace, newPhoto, photoModel, storageInMemory } from '../../../tests/fixtures/photos';

const found = (x: number) => ({ found: fromNetwork([foundFace(x, 0)]) });
const result = (x: number) => ({ model: 'small', corrected: null, ...found(x) });

async function setUp(storage = storageInMemory()) {
  const store = new PhotoStore(storage.open);
  await store.open();
  store.learn(photoModel('small'));
  return { storage, store };
}

/** The store of a page opened later. */
async function reloaded(storage: ReturnType<typeof storageInMemory>) {
  return (await setUp(storage)).store;
}

describe('store', () => {
  test('pictures, results and truth are there after a reload, in their order', async () => {
    const { storage, store } = await setUp();
    const [anna, bert] = ['anna.jpg', 'bert.jpg'].map((name) => store.add(newPhoto(name)));
    store.setResult(anna.id, 'small', found(3));
    store.change(bert.id, { truth: [new Float32Array([1, 2])] });
    await store.settled();
    const after = await reloaded(storage);
    expect(after.photos.map(({ name, work, isKept }) => [name, work.kind, isKept])).toEqual([
      ['anna.jpg', 'done', true],
      ['bert.jpg', 'waiting', true],
    ]);
    expect(after.photos[0].results.small).toEqual(result(3));
    expect(after.photos[1].truth).toEqual([new Float32Array([1, 2])]);
    expect(await (await after.file(bert.id)).text()).toBe('bert.jpg');
  });

  test('cleared, nothing is left: not of one’s own face, of other tabs or of pages that were closed', async () => {
    const left = new Map([['mien.unsaved.5.1.x', JSON.stringify({ schemes: [{ id: 'beard' }] })]]);
    vi.stubGlobal('localStorage', {
      get length() {
        return left.size;
      },
      key: (i: number) => [...left.keys()][i],
      getItem: (name: string) => left.get(name) ?? null,
      removeItem: (name: string) => left.delete(name),
    });
    const storage = storageInMemory();
    const store = new PhotoStore(storage.open);
    const { id } = store.add(newPhoto('anna.jpg'));
    store.putScheme({ id: 'beard', title: 'Beard' } as never);
    store.setLesson({ id: 'my-face', model: 'my-face-0a1b2c' } as never);
    await store.settled();
    storage.photos.set('other', { ...storage.photos.get(id)!, id: 'other' });
    await store.clear();
    vi.unstubAllGlobals();
    expect([store.photos, store.schemes, store.lessons]).toEqual([[], {}, {}]);
    expect([storage.photos, storage.schemes, storage.lessons].map(({ size }) => size)).toEqual([0, 0, 0]);
    expect(storage.files.has(id)).toBe(false);
    expect(left.size).toBe(0);
    // What comes afterwards is kept as ever.
    store.add(newPhoto('carl.jpg'));
    await store.settled();
    expect((await reloaded(storage)).photos.map(({ name }) => name)).toEqual(['carl.jpg']);
  });

  test('once a picture is in storage, its file is not in memory any more', async () => {
    const { storage, store } = await setUp();
    const { id } = store.add(newPhoto('anna.jpg'));
    await store.settled();
    expect(store.get(id).isKept).toBe(true);
    storage.files.set(id, new Blob(['from storage']));
    expect(await (await store.file(id)).text()).toBe('from storage');
  });

  test('a full storage is said; the picture still serves, and what was kept stays', async () => {
    const { storage, store } = await setUp();
    store.add(newPhoto('anna.jpg'));
    await store.settled();
    storage.refuse = ({ name }) => new StorageError('full', `picture ${name}: no room`);
    const bert = store.add(newPhoto('bert.jpg'));
    store.setResult(bert.id, 'small', found(3));
    await store.settled();
    expect(store.storage).toMatchObject({ kind: 'failed', unsavedCount: 1, error: { problem: 'full' } });
    expect([store.get(bert.id).isKept, await (await store.file(bert.id)).text()]).toEqual([
      false,
      'bert.jpg',
    ]);
    expect((await reloaded(storage)).photos.map(({ name }) => name)).toEqual(['anna.jpg']);
  });

  test('what found no room is stored, results and all, once something was removed', async () => {
    const { storage, store } = await setUp();
    const anna = store.add(newPhoto('anna.jpg'));
    await store.settled();
    storage.refuse = () => (storage.photos.size > 0 ? new StorageError('full', 'no room') : null);
    const bert = store.add(newPhoto('bert.jpg'));
    await store.settled();
    store.setResult(bert.id, 'small', found(3));
    store.remove([anna.id]);
    await store.settled();
    storage.refuse = null;
    store.retry();
    await store.settled();
    expect(store.storage.kind).toBe('ready');
    const [only, ...none] = (await reloaded(storage)).photos;
    expect([only.name, only.results.small, none]).toEqual(['bert.jpg', result(3), []]);
  });

  test('corrections that find no room are tried again with the next one; the older ones stay till then', async () => {
    const { storage, store } = await setUp();
    const { id } = store.add(newPhoto('anna.jpg'));
    store.setResult(id, 'small', found(1));
    await store.settled();
    storage.refuse = (_, what) => (what === 'results' ? new StorageError('full', 'no room') : null);
    store.setResult(id, 'small', found(2));
    await store.settled();
    expect((await reloaded(storage)).photos[0].results.small).toEqual(result(1));
    storage.refuse = null;
    store.setResult(id, 'small', found(3));
    await store.settled();
    expect((await reloaded(storage)).photos[0].results.small).toEqual(result(3));
    expect(store.storage.kind).toBe('ready');
  });

  test('without any storage the pictures serve until the page is left', async () => {
    const store = new PhotoStore(() =>
      Promise.reject(new StorageError('unavailable', 'storage: private window')),
    );
    await store.open();
    expect(store.storage).toMatchObject({
      kind: 'failed',
      unsavedCount: 0,
      error: { problem: 'unavailable' },
    });
    const { id } = store.add(newPhoto('anna.jpg'));
    await store.settled();
    expect(store.storage).toMatchObject({
      kind: 'failed',
      unsavedCount: 1,
      error: { problem: 'unavailable' },
    });
    expect(await (await store.file(id)).text()).toBe('anna.jpg');
  });

  test('an old tab in the way is said, and so is that it went', async () => {
    let letGo = () => {};
    const gone = new Promise<void>((resolve) => (letGo = resolve));
    const storage = storageInMemory();
    const store = new PhotoStore(async ({ onBlocked }) => {
      onBlocked?.();
      await gone;
      return storage.open({});
    });
    expect(store.storage.kind).toBe('blocked');
    letGo();
    await store.open();
    expect(store.storage.kind).toBe('ready');
  });

  test('a picture removed while it is on its way to storage does not come back', async () => {
    const { storage, store } = await setUp();
    const { id } = store.add(newPhoto('anna.jpg'));
    store.remove([id]);
    await store.settled();
    store.setResult(id, 'small', found(1));
    await store.settled();
    expect([storage.photos.size, storage.files.size, storage.results.size]).toEqual([0, 0, 0]);
  });

  test('the same picture is known by folder, name and size', async () => {
    const { store } = await setUp();
    const anna = store.add(newPhoto('anna.jpg'));
    expect(store.findSame('', 'anna.jpg', 8)).toBe(store.get(anna.id));
    expect([store.findSame('x', 'anna.jpg', 8), store.findSame('', 'anna.jpg', 9)]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('room that another tab made is used as soon as the page is seen again', async () => {
    const page = Object.assign(new EventTarget(), { visibilityState: 'hidden' });
    vi.stubGlobal('document', page);
    const { storage, store } = await setUp();
    storage.refuse = () => new StorageError('full', 'no room');
    store.add(newPhoto('anna.jpg'));
    await store.settled();
    storage.refuse = null;
    page.dispatchEvent(new Event('visibilitychange'));
    await store.settled();
    expect(store.storage.kind).toBe('failed');
    page.visibilityState = 'visible';
    page.dispatchEvent(new Event('visibilitychange'));
    await store.settled();
    expect([store.storage.kind, store.photos[0].isKept]).toEqual(['ready', true]);
    vi.unstubAllGlobals();
  });

  test('a picture that another tab removed does not come back with a change made here', async () => {
    const { storage, store } = await setUp();
    const removed: string[] = [];
    store.onRemovedElsewhere = ({ name }) => removed.push(name);
    const [anna, bert] = ['anna.jpg', 'bert.jpg'].map((name) => store.add(newPhoto(name)));
    await store.settled();
    const other = await reloaded(storage);
    other.remove([anna.id, bert.id]);
    await other.settled();
    store.change(anna.id, { truth: [new Float32Array([1, 2])] });
    store.setResult(bert.id, 'small', found(1));
    await store.settled();
    expect([store.photos, removed, store.storage.kind]).toEqual([[], ['anna.jpg', 'bert.jpg'], 'ready']);
    expect([storage.photos.size, storage.results.size]).toEqual([0, 0]);
  });

  test('a model that is learnt again stays the same object, so that nothing is drawn anew', async () => {
    const { store } = await setUp();
    const { models } = store;
    store.learn(photoModel('small'));
    expect(store.models).toBe(models);
    store.learn({ ...photoModel('small'), title: 'Another' });
    expect(store.models.small.title).toBe('Another');
  });
});

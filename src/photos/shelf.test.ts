import { describe, expect, test } from 'vitest';
import { StorageError } from '../storage/storage-error';
import { fromNetwork } from './edit/faces';
import { PhotoShelf } from './shelf.svelte';
import { foundFace, newPhoto, photoModel, storeInMemory } from '../../tests/fixtures/photos';

const result = (x: number) => ({ model: 'small', corrected: false, faces: fromNetwork([foundFace(x, 0)]) });

async function setUp(store = storeInMemory()) {
  const shelf = new PhotoShelf(store.open);
  await shelf.open();
  shelf.learn(photoModel('small'));
  return { store, shelf };
}

/** The shelf of a page opened later. */
async function reloaded(store: ReturnType<typeof storeInMemory>) {
  return (await setUp(store)).shelf;
}

describe('shelf', () => {
  test('pictures, results and truth are there after a reload, in their order', async () => {
    const { store, shelf } = await setUp();
    const [anna, bert] = ['anna.jpg', 'bert.jpg'].map((name) => shelf.add(newPhoto(name)));
    shelf.setResult(anna.id, result(3));
    shelf.change(bert.id, { truth: [new Float32Array([1, 2])] });
    await shelf.settled();
    const after = await reloaded(store);
    expect(after.photos.map(({ name, work, isKept }) => [name, work.kind, isKept])).toEqual([
      ['anna.jpg', 'done', true],
      ['bert.jpg', 'waiting', true],
    ]);
    expect(after.photos[0].results.small).toEqual(result(3));
    expect(after.photos[1].truth).toEqual([new Float32Array([1, 2])]);
    expect(await (await after.file(bert.id)).text()).toBe('bert.jpg');
  });

  test('once a picture is in storage, its file is not in memory any more', async () => {
    const { store, shelf } = await setUp();
    const { id } = shelf.add(newPhoto('anna.jpg'));
    await shelf.settled();
    expect(shelf.get(id).isKept).toBe(true);
    store.files.set(id, new Blob(['from storage']));
    expect(await (await shelf.file(id)).text()).toBe('from storage');
  });

  test('a full storage is said; the picture still serves, and what was kept stays', async () => {
    const { store, shelf } = await setUp();
    shelf.add(newPhoto('anna.jpg'));
    await shelf.settled();
    store.refuse = ({ name }) => new StorageError('full', `picture ${name}: no room`);
    const bert = shelf.add(newPhoto('bert.jpg'));
    shelf.setResult(bert.id, result(3));
    await shelf.settled();
    expect(shelf.storage).toMatchObject({ kind: 'failed', unsavedCount: 1, error: { problem: 'full' } });
    expect([shelf.get(bert.id).isKept, await (await shelf.file(bert.id)).text()]).toEqual([
      false,
      'bert.jpg',
    ]);
    expect((await reloaded(store)).photos.map(({ name }) => name)).toEqual(['anna.jpg']);
  });

  test('what found no room is stored, results and all, once something was removed', async () => {
    const { store, shelf } = await setUp();
    const anna = shelf.add(newPhoto('anna.jpg'));
    await shelf.settled();
    store.refuse = () => (store.photos.size > 0 ? new StorageError('full', 'no room') : null);
    const bert = shelf.add(newPhoto('bert.jpg'));
    await shelf.settled();
    shelf.setResult(bert.id, result(3));
    shelf.remove([anna.id]);
    await shelf.settled();
    store.refuse = null;
    shelf.retry();
    await shelf.settled();
    expect(shelf.storage.kind).toBe('ready');
    const [only, ...none] = (await reloaded(store)).photos;
    expect([only.name, only.results.small, none]).toEqual(['bert.jpg', result(3), []]);
  });

  test('corrections that find no room are tried again with the next one; the older ones stay till then', async () => {
    const { store, shelf } = await setUp();
    const { id } = shelf.add(newPhoto('anna.jpg'));
    shelf.setResult(id, result(1));
    await shelf.settled();
    store.refuse = (_, what) => (what === 'results' ? new StorageError('full', 'no room') : null);
    shelf.setResult(id, result(2));
    await shelf.settled();
    expect((await reloaded(store)).photos[0].results.small).toEqual(result(1));
    store.refuse = null;
    shelf.setResult(id, result(3));
    await shelf.settled();
    expect((await reloaded(store)).photos[0].results.small).toEqual(result(3));
    expect(shelf.storage.kind).toBe('ready');
  });

  test('without any storage the pictures serve until the page is left', async () => {
    const shelf = new PhotoShelf(() =>
      Promise.reject(new StorageError('unavailable', 'storage: private window')),
    );
    await shelf.open();
    expect(shelf.storage).toMatchObject({
      kind: 'failed',
      unsavedCount: 0,
      error: { problem: 'unavailable' },
    });
    const { id } = shelf.add(newPhoto('anna.jpg'));
    await shelf.settled();
    expect(shelf.storage).toMatchObject({
      kind: 'failed',
      unsavedCount: 1,
      error: { problem: 'unavailable' },
    });
    expect(await (await shelf.file(id)).text()).toBe('anna.jpg');
  });

  test('an old tab in the way is said, and so is that it went', async () => {
    let letGo = () => {};
    const gone = new Promise<void>((resolve) => (letGo = resolve));
    const store = storeInMemory();
    const shelf = new PhotoShelf(async ({ onBlocked }) => {
      onBlocked?.();
      await gone;
      return store.open({});
    });
    expect(shelf.storage.kind).toBe('blocked');
    letGo();
    await shelf.open();
    expect(shelf.storage.kind).toBe('ready');
  });

  test('a picture removed while it is on its way to storage does not come back', async () => {
    const { store, shelf } = await setUp();
    const { id } = shelf.add(newPhoto('anna.jpg'));
    shelf.remove([id]);
    await shelf.settled();
    shelf.setResult(id, result(1));
    await shelf.settled();
    expect([store.photos.size, store.files.size, store.results.size]).toEqual([0, 0, 0]);
  });

  test('the same picture is known by folder, name and size', async () => {
    const { shelf } = await setUp();
    const anna = shelf.add(newPhoto('anna.jpg'));
    expect(shelf.findSame('', 'anna.jpg', 8)).toBe(shelf.get(anna.id));
    expect([shelf.findSame('x', 'anna.jpg', 8), shelf.findSame('', 'anna.jpg', 9)]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

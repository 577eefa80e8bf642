/** What a page that is closed in the midst of writing leaves to the next one. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { foundFace, newPhoto, photoModel, storageInMemory } from '../../../../tests/fixtures/photos';
import { fromNetwork } from '../corrections/faces';
import { PhotoStore } from '../store.svelte';

const corrected = (x: number) => ({ corrected: fromNetwork([foundFace(x, 0)]) });
const result = (x: number) => ({ model: 'small', found: null, ...corrected(x) });

let page: EventTarget;
let kept: Map<string, string>;

beforeEach(() => {
  page = new EventTarget();
  kept = new Map();
  vi.stubGlobal('addEventListener', (...listener: Parameters<EventTarget['addEventListener']>) =>
    page.addEventListener(...listener),
  );
  vi.stubGlobal('localStorage', {
    get length() {
      return kept.size;
    },
    key: (i: number) => [...kept.keys()][i] ?? null,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  });
});
afterEach(() => void vi.unstubAllGlobals());

/** A store with a picture that is kept, in a page whose storage takes nothing from here on. */
async function setUp() {
  const storage = storageInMemory();
  const open = await storage.open({});
  let isStuck = false;
  const never = () => new Promise<never>(() => {});
  const store = new PhotoStore(async () => ({
    ...open,
    putResults: (...results) => (isStuck ? never() : open.putResults(...results)),
    remove: (id) => (isStuck ? never() : open.remove(id)),
  }));
  await store.open();
  store.learn(photoModel('small'));
  const ids = ['anna.jpg', 'bert.jpg'].map((name) => store.add(newPhoto(name)).id);
  await store.settled();
  isStuck = true;
  return { store, ids, storage };
}

/** The store of a page opened later. */
async function reopened(storage: ReturnType<typeof storageInMemory>) {
  page = new EventTarget();
  const store = new PhotoStore(storage.open);
  await store.open();
  return store;
}

test('corrections and removals that storage had no time for are carried over by the next page, once', async () => {
  const { store, ids, storage } = await setUp();
  store.setResult(ids[0], 'small', corrected(1));
  store.remove([ids[1]]);
  store.setResult(ids[0], 'small', corrected(2));
  page.dispatchEvent(new Event('pagehide'));

  const next = await reopened(storage);
  expect(next.photos.map(({ name, results }) => [name, results.small])).toEqual([['anna.jpg', result(2)]]);
  expect(next.models.small).toEqual(photoModel('small'));
  expect(kept.size).toBe(0);

  next.setResult(ids[0], 'small', corrected(3));
  await next.settled();
  page.dispatchEvent(new Event('pagehide'));
  expect(kept.size).toBe(0);
});

test('a page that comes back goes on by itself, and nothing older comes after it', async () => {
  const { store, ids } = await setUp();
  store.setResult(ids[0], 'small', corrected(1));
  page.dispatchEvent(new Event('pagehide'));
  expect(kept.size).toBe(1);
  page.dispatchEvent(new Event('pageshow'));
  expect(kept.size).toBe(0);
});

test('what cannot be carried over now is there the next time; what is damaged keeps nothing from opening', async () => {
  const { store, ids, storage } = await setUp();
  store.setResult(ids[0], 'small', corrected(1));
  page.dispatchEvent(new Event('pagehide'));
  const [name] = kept.keys();
  storage.refuse = (_, what) => (what === 'results' ? new Error('no room') : null);
  expect((await reopened(storage)).storage).toMatchObject({ kind: 'failed' });
  storage.refuse = null;
  kept.set(`${name}-damaged`, '{"results":');
  expect((await reopened(storage)).photos[0].results.small).toEqual(result(1));
  expect(kept.size).toBe(0);
});

test('a picture whose file did not arrive takes its points with it', async () => {
  const { store, ids, storage } = await setUp();
  store.setResult(ids[0], 'small', corrected(1));
  page.dispatchEvent(new Event('pagehide'));
  storage.photos.delete(ids[0]);
  expect((await reopened(storage)).photos.map(({ name }) => name)).toEqual(['bert.jpg']);
  expect(storage.results.size).toBe(0);
});

test('a missing point is missing after that too', async () => {
  const { store, ids, storage } = await setUp();
  const [face] = fromNetwork([foundFace(1, 0)]);
  const points = face.points.map((value, i) => (i < 2 ? NaN : value));
  storage.refuse = () => new Error('no room');
  store.setResult(ids[0], 'small', { corrected: [{ ...face, points }] });
  page.dispatchEvent(new Event('pagehide'));
  const next = await reopened(storage);
  expect([...next.photos[0].results.small.corrected![0].points]).toEqual([...points]);
});

test('where localStorage is full or forbidden, the page is left all the same', async () => {
  const { store, ids } = await setUp();
  vi.stubGlobal('localStorage', undefined);
  store.setResult(ids[0], 'small', corrected(1));
  expect(() => page.dispatchEvent(new Event('pagehide'))).not.toThrow();
});

test('what a page left under a former id of a model is carried over to its successor, but for what the former had found', async () => {
  const { ids, storage } = await setUp();
  const faces = fromNetwork([foundFace(3, 0)]);
  const left = {
    removed: [],
    results: [{ photo: ids[0], result: { model: 'resnet18', found: faces, corrected: [] } }],
    models: [photoModel('resnet18')],
  };
  kept.set('mien.unsaved.3.1.0b1c', JSON.stringify(left));
  const next = await reopened(storage);
  const { resnet, resnet18 } = next.photos.find(({ id }) => id === ids[0])!.results;
  expect([resnet.found, resnet.corrected, resnet18]).toEqual([null, [], undefined]);
});

test('what a page of the last version left is carried over too: corrections and all', async () => {
  const { ids, storage } = await setUp();
  const faces = [{ ...fromNetwork([foundFace(3, 0)])[0], points: new Float32Array([4, 0, 13, 0, 8, 20]) }];
  const float32 = (_: string, value: unknown) =>
    value instanceof Float32Array ? { float32: Array.from(value) } : value;
  const left = {
    removed: [ids[1]],
    results: [{ photo: ids[0], result: { model: 'small', faces, corrected: true } }],
    models: [photoModel('small')],
  };
  kept.set('mien.unsaved.2.0b1c', JSON.stringify(left, float32));
  kept.set('mien.unsaved.99.0b1c', 'of a version that is yet to come');
  storage.results.set(ids[0], [{ model: 'small', found: fromNetwork([foundFace(9, 0)]), corrected: null }]);
  const next = await reopened(storage);
  expect(next.photos.map(({ name }) => name)).toEqual(['anna.jpg']);
  const { found, corrected } = next.photos[0].results.small;
  expect([found![0].points[0], corrected]).toEqual([9, faces]);
  expect([...kept.keys()]).toEqual(['mien.unsaved.99.0b1c']);
});

test('a full disk: the pictures are there with what a closed page left, and closing again leaves it again', async () => {
  const { store, ids, storage } = await setUp();
  store.setResult(ids[0], 'small', corrected(1));
  page.dispatchEvent(new Event('pagehide'));
  storage.refuse = (_, what) => (what === 'results' ? new Error('no room') : null);
  const next = await reopened(storage);
  expect(next.photos.map(({ results }) => results.small)).toEqual([result(1), undefined]);
  expect(next.storage).toMatchObject({ kind: 'failed', unsavedCount: 1 });
  next.setResult(ids[0], 'small', corrected(2));
  await next.settled();
  page.dispatchEvent(new Event('pagehide'));
  expect(kept.size).toBe(1);
  storage.refuse = null;
  expect((await reopened(storage)).photos[0].results.small).toEqual(result(2));
  expect(kept.size).toBe(0);
});

test('of two tabs, one corrects and the other detects: neither takes the other’s half', async () => {
  const storage = storageInMemory();
  const one = new PhotoStore(storage.open);
  await one.open();
  one.learn(photoModel('small'));
  const { id } = one.add(newPhoto('anna.jpg'));
  await one.settled();
  const other = await reopened(storage);
  other.learn(photoModel('small'));
  one.setResult(id, 'small', corrected(1));
  await one.settled();
  const found = fromNetwork([foundFace(9, 0)]);
  other.setResult(id, 'small', { found });
  await other.settled();
  expect((await reopened(storage)).photos[0].results.small).toEqual({ ...result(1), found });
});

test('what was learned as the page was closed is known on the next one, unless something newer is', async () => {
  const { store, ids, storage } = await setUp();
  const lesson = { id: 'my-face', model: 'my-face-0a1b2c', atMs: 5 } as never;
  store.setResult(ids[0], 'small', corrected(1));
  store.setLesson(lesson);
  page.dispatchEvent(new Event('pagehide'));
  const left = new Map(kept);
  expect((await reopened(storage)).lessons).toEqual({ 'my-face': lesson });
  kept = left;
  const newer = { id: 'my-face', model: 'my-face-3d4e5f', atMs: 6 } as never;
  storage.lessons.set('my-face', newer);
  expect((await reopened(storage)).lessons).toEqual({ 'my-face': newer });
});

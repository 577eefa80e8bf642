/** What a page that is closed in the midst of writing leaves to the next one. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { foundFace, newPhoto, photoModel, storeInMemory } from '../../tests/fixtures/photos';
import { fromNetwork } from './edit/faces';
import { PhotoShelf } from './shelf.svelte';

const result = (x: number) => ({ model: 'small', corrected: true, faces: fromNetwork([foundFace(x, 0)]) });

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

/** A shelf with a picture that is kept, in a page whose storage takes nothing from here on. */
async function setUp() {
  const store = storeInMemory();
  const open = await store.open({});
  let isStuck = false;
  const never = () => new Promise<void>(() => {});
  const shelf = new PhotoShelf(async () => ({
    ...open,
    putResults: (...results) => (isStuck ? never() : open.putResults(...results)),
    remove: (id) => (isStuck ? never() : open.remove(id)),
  }));
  await shelf.open();
  shelf.learn(photoModel('small'));
  const ids = ['anna.jpg', 'bert.jpg'].map((name) => shelf.add(newPhoto(name)).id);
  await shelf.settled();
  isStuck = true;
  return { shelf, ids, store };
}

/** The shelf of a page opened later. */
async function reopened(store: ReturnType<typeof storeInMemory>) {
  page = new EventTarget();
  const shelf = new PhotoShelf(store.open);
  await shelf.open();
  return shelf;
}

test('corrections and removals that storage had no time for are carried over by the next page, once', async () => {
  const { shelf, ids, store } = await setUp();
  shelf.setResult(ids[0], result(1));
  shelf.remove([ids[1]]);
  shelf.setResult(ids[0], result(2));
  page.dispatchEvent(new Event('pagehide'));

  const next = await reopened(store);
  expect(next.photos.map(({ name, results }) => [name, results.small])).toEqual([['anna.jpg', result(2)]]);
  expect(next.models.small).toEqual(photoModel('small'));
  expect(kept.size).toBe(0);

  next.setResult(ids[0], result(3));
  await next.settled();
  page.dispatchEvent(new Event('pagehide'));
  expect(kept.size).toBe(0);
});

test('a page that comes back goes on by itself, and nothing older comes after it', async () => {
  const { shelf, ids } = await setUp();
  shelf.setResult(ids[0], result(1));
  page.dispatchEvent(new Event('pagehide'));
  expect(kept.size).toBe(1);
  page.dispatchEvent(new Event('pageshow'));
  expect(kept.size).toBe(0);
});

test('what cannot be carried over now is there the next time; what is damaged keeps nothing from opening', async () => {
  const { shelf, ids, store } = await setUp();
  shelf.setResult(ids[0], result(1));
  page.dispatchEvent(new Event('pagehide'));
  const [name] = kept.keys();
  store.refuse = (_, what) => (what === 'results' ? new Error('no room') : null);
  expect((await reopened(store)).storage).toMatchObject({ kind: 'failed' });
  store.refuse = null;
  kept.set(`${name}-damaged`, '{"results":');
  expect((await reopened(store)).photos[0].results.small).toEqual(result(1));
  expect(kept.size).toBe(0);
});

test('a picture whose file did not arrive takes its points with it', async () => {
  const { shelf, ids, store } = await setUp();
  shelf.setResult(ids[0], result(1));
  page.dispatchEvent(new Event('pagehide'));
  store.photos.delete(ids[0]);
  expect((await reopened(store)).photos.map(({ name }) => name)).toEqual(['bert.jpg']);
  expect(store.results.size).toBe(0);
});

test('where localStorage is full or forbidden, the page is left all the same', async () => {
  const { shelf, ids } = await setUp();
  vi.stubGlobal('localStorage', undefined);
  shelf.setResult(ids[0], result(1));
  expect(() => page.dispatchEvent(new Event('pagehide'))).not.toThrow();
});

/** Marks in a store: undo, storage, and what a page that is closed leaves. */
import { beforeEach, afterEach, expect, it, vi } from 'vitest';
import { foundFace, newPhoto, photoModel, storageInMemory } from '../../../../tests/fixtures/photos';
import { fromNetwork } from '../corrections/faces';
import { PhotoStore } from '../store.svelte';
import { MarksEditor } from './editor.svelte';
import { addMarked, placeMark } from './marks';
import { addPoint, newScheme, removePoint } from './scheme';

const scheme = addPoint(newScheme('Beak', 7, 'beak'), 'tip', 'tip');
const start = { box: { x: 0, y: 0, width: 9, height: 9 }, landmarks: null };

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

async function setUp(storage = storageInMemory()) {
  const store = new PhotoStore(storage.open);
  await store.open();
  store.putScheme(scheme);
  const { id } = store.add(newPhoto('anna.jpg'));
  await store.settled();
  return { store, id, storage, editor: new MarksEditor(store) };
}

async function reopened({ open }: ReturnType<typeof storageInMemory>) {
  page = new EventTarget();
  const store = new PhotoStore(open);
  await store.open();
  await store.settled();
  return store;
}

it('what is marked is there after a reload, and a detection leaves it alone', async () => {
  const { store, id, storage, editor } = await setUp();
  editor.mark(id, 'beak', (marks) => placeMark(addMarked(marks, start), 1, 'tip', { x: 3, y: 4 }));
  store.learn(photoModel('small'));
  store.setResult(id, 'small', { found: fromNetwork([foundFace(1, 1)]) });
  await store.settled();
  const next = await reopened(storage);
  expect(next.schemes).toEqual({ beak: scheme });
  expect(next.photos[0].marks.beak).toEqual([{ id: 1, ...start, points: { tip: [3, 4] } }]);
  expect(next.photos[0].results.small.found).toHaveLength(1);
});

it('a drag is one step of undo, and redo brings it back', async () => {
  const { id, editor } = await setUp();
  editor.mark(id, 'beak', (marks) => addMarked(marks, start));
  const drag = Symbol('drag');
  for (const x of [1, 2, 3])
    editor.mark(id, 'beak', (marks) => placeMark(marks, 1, 'tip', { x, y: 0 }), drag);
  editor.undo(id, 'beak');
  expect(editor.marksOf(id, 'beak')[0].points).toEqual({});
  editor.redo(id, 'beak');
  expect(editor.marksOf(id, 'beak')[0].points.tip).toEqual([3, 0]);
  editor.undo(id, 'beak');
  editor.undo(id, 'beak');
  expect([editor.marksOf(id, 'beak'), editor.canUndo(id, 'beak')]).toEqual([[], false]);
});

it('a change of the points is undone as well, and one that changes nothing is no step', async () => {
  const { store, editor } = await setUp();
  editor.changeScheme('beak', (one) => removePoint(one, 'none'));
  expect(editor.canUndoScheme('beak')).toBe(false);
  editor.changeScheme('beak', (one) => removePoint(one, 'tip'));
  expect(store.schemes.beak.points).toEqual([]);
  editor.undoScheme('beak');
  expect(store.schemes.beak).toEqual(scheme);
});

it('marks and points that storage had no time for are carried over by the next page, once', async () => {
  const { store, id, storage, editor } = await setUp();
  storage.refuse = (_, what) => (what === 'marks' ? new Error('no room') : null);
  editor.mark(id, 'beak', (marks) => placeMark(addMarked(marks, start), 1, 'tip', { x: 3, y: 4 }));
  await store.settled();
  page.dispatchEvent(new Event('pagehide'));
  expect(kept.size).toBe(1);
  storage.refuse = null;
  const next = await reopened(storage);
  expect(next.photos[0].marks.beak[0].points).toEqual({ tip: [3, 4] });
  expect(storage.marks.get(id)!.beak).toHaveLength(1);
  expect(kept.size).toBe(0);
});

it('points that are removed take their marks with them, and nothing brings them back', async () => {
  const { store, id, storage, editor } = await setUp();
  editor.mark(id, 'beak', (marks) => addMarked(marks, start));
  await store.settled();
  store.removeScheme('beak');
  page.dispatchEvent(new Event('pagehide'));
  const next = await reopened(storage);
  expect([next.schemes, next.photos[0].marks]).toEqual([{}, {}]);
  editor.undo(id, 'beak');
  expect(store.photos[0].marks).toEqual({});
});

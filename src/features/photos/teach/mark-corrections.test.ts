/** The viewer's gestures on points of a person's own. */
import { beforeEach, expect, it } from 'vitest';
import { foundFace, newPhoto, photoModel, storageInMemory } from '../../../../tests/fixtures/photos';
import { fromNetwork } from '../corrections/faces';
import { MarksEditor } from '../marks/editor.svelte';
import { addPoint, newScheme } from '../marks/scheme';
import type { PhotoLibrary } from '../library.svelte';
import { PhotoStore } from '../store.svelte';
import { Viewer } from '../viewer/viewer.svelte';
import { markCorrections } from './mark-corrections';

const scheme = ['left', 'tip'].reduce((all, name) => addPoint(all, name, name), newScheme('Beak', 0, 'beak'));
const found = fromNetwork([foundFace(10, 20)]);

let store: PhotoStore;
let viewer: Viewer;
let photoId: string;
let corrections: ReturnType<typeof markCorrections>;
beforeEach(async () => {
  store = new PhotoStore(storageInMemory().open);
  await store.open();
  store.learn(photoModel('lite'));
  store.putScheme(scheme);
  photoId = store.add(newPhoto('anna.jpg')).id;
  viewer = new Viewer();
  const library = { store, marking: new MarksEditor(store), shown: () => 'lite' } as unknown as PhotoLibrary;
  corrections = markCorrections(library, viewer, () => ({ photoId, scheme, found }));
});
const marks = () => store.get(photoId).marks.beak ?? [];

it('a press on a face that was found begins it, and the next point is due; both are one step of undo', () => {
  corrections.place(-1, 0, { x: 12, y: 21 });
  expect(marks()).toEqual([
    {
      id: 1,
      box: found[0].box,
      landmarks: { model: 'lite', points: found[0].points },
      points: { left: [12, 21] },
    },
  ]);
  expect([viewer.faceId, viewer.points]).toEqual([1, [1]]);
  corrections.place(1, 1, { x: 15, y: 30 });
  expect(viewer.points).toEqual([]);
  corrections.undo();
  corrections.undo();
  expect(marks()).toEqual([]);
});

it('by key a point comes where it is on other pictures, and stays chosen to be moved', () => {
  const other = store.add(newPhoto('bert.jpg')).id;
  const box = { x: 0, y: 0, width: 100, height: 100 };
  store.setMarks(other, 'beak', [{ id: 1, box, landmarks: null, points: { tip: [20, 50] } }]);
  corrections.place(-1, 1, null);
  expect(marks()[0].points.tip).toEqual([12, 30]);
  expect(viewer.points).toEqual([1]);
  corrections.move(1, [1], { x: 2, y: 0 }, Symbol('arrows'));
  expect(marks()[0].points.tip).toEqual([14, 30]);
});

it('a box drawn by hand is another thing, or that of the chosen one, whose marks stay', async () => {
  const box = { x: 1, y: 1, width: 8, height: 8 };
  await corrections.detectIn(box, null);
  corrections.place(1, 0, { x: 2, y: 2 });
  await corrections.detectIn({ ...box, width: 12 }, 1);
  expect(marks()).toEqual([{ id: 1, box: { ...box, width: 12 }, landmarks: null, points: { left: [2, 2] } }]);
  // A found face without marks has no box of its own to draw anew.
  await corrections.detectIn(box, -1);
  expect(marks()).toHaveLength(2);
});

it('a mark is cleared alone, all of them with their face', () => {
  corrections.place(-1, 0, { x: 12, y: 21 });
  corrections.place(1, 1, { x: 15, y: 30 });
  corrections.reset(1, [0]);
  expect(marks()[0].points).toEqual({ tip: [15, 30] });
  corrections.remove(1);
  expect(marks()).toEqual([]);
  expect(viewer.faceId).toBeNull();
});

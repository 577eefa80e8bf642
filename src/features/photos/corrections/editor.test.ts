import { beforeEach, describe, expect, test } from 'vitest';
import { addFace, deleteFace, fromNetwork, movePoints, resetPoints, shownFaces } from './faces';
import { PhotoEditor } from './editor.svelte';
import { PhotoStore } from '../store.svelte';
import { foundFace, newPhoto, photoModel, storageInMemory } from '../../../../tests/fixtures/photos';

describe('editor', () => {
  const store = new PhotoStore(storageInMemory().open);
  for (const model of ['small', 'other']) store.learn(photoModel(model));
  let editor: PhotoEditor;
  let id: string;

  beforeEach(() => {
    editor = new PhotoEditor(store);
    ({ id } = store.add(newPhoto('anna.jpg')));
    for (const model of ['small', 'other'])
      store.setResult(id, model, { found: fromNetwork([foundFace(10, 20)]) });
  });

  const resultOf = (model: string) => store.get(id).results[model];
  const firstX = (model: string) => shownFaces(resultOf(model))[0]?.points[0];
  const isCorrected = (model: string) => resultOf(model).corrected !== null;
  const move = (x: number, gesture?: symbol) =>
    editor.correct(id, 'small', (faces) => movePoints(faces, 1, [0], { x, y: 0 }), gesture);

  test('a correction marks the result, is undone and redone, and leaves the other model’s result alone', () => {
    const before = resultOf('other');
    move(5);
    expect([firstX('small'), isCorrected('small')]).toEqual([15, true]);
    editor.undo(id, 'small');
    expect([firstX('small'), isCorrected('small'), editor.canUndo(id, 'small')]).toEqual([10, false, false]);
    editor.redo(id, 'small');
    expect([firstX('small'), editor.canRedo(id, 'small')]).toEqual([15, false]);
    expect(resultOf('other')).toBe(before);
    expect(editor.canUndo(id, 'other')).toBe(false);
  });

  test('a drag is one step, each of its moves counted from where it began', () => {
    const drag = Symbol('drag');
    for (const way of [1, 2, 30]) move(way, drag);
    expect(firstX('small')).toBe(40);
    editor.undo(id, 'small');
    expect(firstX('small')).toBe(10);
  });

  test('a drag that turns out to be a pinch is taken back, and leaves nothing to redo', () => {
    const drag = Symbol('drag');
    move(5, drag);
    move(6, drag);
    editor.cancel(id, 'small', drag);
    expect([firstX('small'), isCorrected('small')]).toEqual([10, false]);
    expect([editor.canUndo(id, 'small'), editor.canRedo(id, 'small')]).toEqual([false, false]);
  });

  test('another pass of the model renews what it found, and touches nothing that a person did', () => {
    editor.correct(id, 'small', (faces) => addFace(faces, foundFace(300, 20)));
    editor.correct(id, 'small', (faces) => addFace(faces, foundFace(500, 20)));
    editor.correct(id, 'small', (faces) => deleteFace(faces, 2));
    move(5);
    const { corrected } = resultOf('small');
    store.setResult(id, 'small', { found: fromNetwork([foundFace(11, 20), foundFace(90, 20)]) });
    expect(resultOf('small').corrected).toBe(corrected);
    expect(shownFaces(resultOf('small')).map((face) => [face.id, face.points[0]])).toEqual([
      [1, 15],
      [3, 500],
    ]);
    expect(resultOf('small').found!.map(({ points }) => points[0])).toEqual([11, 90]);
    editor.correct(id, 'small', (faces) => resetPoints(faces, 1));
    expect(firstX('small')).toBe(10);
    for (let i = 0; i < 5; i++) editor.undo(id, 'small');
    // Before the first correction there is what the last pass found.
    expect([firstX('small'), isCorrected('small')]).toEqual([11, false]);
    editor.redo(id, 'small');
    expect(shownFaces(resultOf('small')).map(({ points }) => points[0])).toEqual([10, 300]);
  });

  test('a correction that cannot be made changes nothing and leaves nothing to undo', () => {
    const before = resultOf('small');
    expect(() => editor.correct(id, 'small', (faces) => deleteFace(faces, 9))).toThrow('face 9');
    expect(() => editor.correct(id, 'third', (faces) => faces)).toThrow(
      'picture anna.jpg: third has not processed it',
    );
    expect([resultOf('small'), editor.canUndo(id, 'small')]).toEqual([before, false]);
  });

  test('what is found in a picture that is gone by now is let go', () => {
    store.remove([id]);
    editor.forget([id]);
    store.setResult(id, 'small', { found: [] });
    editor.undo(id, 'small');
    expect(store.find(id)).toBeUndefined();
  });
});

import { beforeEach, describe, expect, test } from 'vitest';
import { deleteFace, fromNetwork, movePoints } from './edit/faces';
import { PhotoEditor } from './editor.svelte';
import { PhotoShelf } from './shelf.svelte';
import { foundFace, newPhoto, photoModel, storeInMemory } from '../../tests/fixtures/photos';

describe('editor', () => {
  const shelf = new PhotoShelf(storeInMemory().open);
  for (const model of ['small', 'other']) shelf.learn(photoModel(model));
  let editor: PhotoEditor;
  let id: string;

  beforeEach(() => {
    editor = new PhotoEditor(shelf);
    ({ id } = shelf.add(newPhoto('anna.jpg')));
    for (const model of ['small', 'other']) editor.setFound(id, model, fromNetwork([foundFace(10, 20)]));
  });

  const resultOf = (model: string) => shelf.get(id).results[model];
  const firstX = (model: string) => resultOf(model).faces[0]?.points[0];
  const move = (x: number, gesture?: symbol) =>
    editor.correct(id, 'small', (faces) => movePoints(faces, 1, [0], { x, y: 0 }), gesture);

  test('a correction marks the result, is undone and redone, and leaves the other model’s result alone', () => {
    const before = resultOf('other');
    move(5);
    expect([firstX('small'), resultOf('small').corrected]).toEqual([15, true]);
    editor.undo(id, 'small');
    expect([firstX('small'), resultOf('small').corrected, editor.canUndo(id, 'small')]).toEqual([
      10,
      false,
      false,
    ]);
    editor.redo(id, 'small');
    expect([firstX('small'), editor.canRedo(id, 'small')]).toEqual([15, false]);
    expect(resultOf('other')).toBe(before);
    expect(editor.canUndo(id, 'other')).toBe(false);
  });

  test('a drag is one step, each of its moves told from where it began', () => {
    const drag = Symbol('drag');
    for (const way of [1, 2, 30]) move(way, drag);
    expect(firstX('small')).toBe(40);
    editor.undo(id, 'small');
    expect(firstX('small')).toBe(10);
  });

  test('a picture looked at again keeps the way back to its corrections', () => {
    move(5);
    editor.setFound(id, 'small', fromNetwork([foundFace(11, 20)]));
    expect([firstX('small'), resultOf('small').corrected]).toEqual([11, false]);
    editor.undo(id, 'small');
    expect([firstX('small'), resultOf('small').corrected]).toEqual([15, true]);
  });

  test('a correction that cannot be made changes nothing and leaves nothing to undo', () => {
    const before = resultOf('small');
    expect(() => editor.correct(id, 'small', (faces) => deleteFace(faces, 9))).toThrow('face 9');
    expect(() => editor.correct(id, 'third', (faces) => faces)).toThrow(
      'picture anna.jpg: third has not looked at it',
    );
    expect([resultOf('small'), editor.canUndo(id, 'small')]).toEqual([before, false]);
  });

  test('what is found in a picture that is gone by now is let go', () => {
    shelf.remove([id]);
    editor.forget([id]);
    editor.setFound(id, 'small', fromNetwork([]));
    editor.undo(id, 'small');
    expect(shelf.find(id)).toBeUndefined();
  });
});

import { expect, it } from 'vitest';
import { newPhoto, storageInMemory } from '../../../tests/fixtures/photos';
import { formatMarks } from '../../shared/formats/marks';
import { importMarks, isMarks } from './import-marks';
import { MarksEditor } from './marks/editor.svelte';
import { PhotoStore } from './store.svelte';

const scheme = { title: 'Beak', points: [{ id: 't', name: 'tip' }], pairs: [], lines: [] };
const box = { x: 0, y: 0, width: 9, height: 9 };
const picture = (path: string, width = 40) => ({
  path,
  width,
  height: 30,
  marks: [{ scheme: 'beak', box, landmarks: null, points: [[3, 4] as [number, number]] }],
});
const file = (text: string) => ({ file: new File([text], 'marks.json'), folder: '' });

it('brings marks onto the pictures of their names and sizes, names the others, and is undone', async () => {
  const store = new PhotoStore(storageInMemory().open);
  await store.open();
  const { id } = store.add(newPhoto('anna.jpg'));
  store.add(newPhoto('carl.jpg'));
  const marking = new MarksEditor(store);
  const pictures = [picture('anna.jpg'), picture('bert.jpg'), picture('carl.jpg', 41)];
  const incoming = file(formatMarks({ schemes: { beak: scheme }, pictures }));
  expect(await isMarks(incoming)).toBe(true);
  expect(await importMarks(incoming, store, marking)).toEqual([
    'marks.json: marks of 1 picture taken over. Not here, or of another size: bert.jpg, carl.jpg.',
  ]);
  expect(store.schemes.beak.points).toEqual([{ id: 't', name: 'tip' }]);
  expect(store.get(id).marks.beak[0].points).toEqual({ t: [3, 4] });
  marking.undo(id, 'beak');
  expect(store.get(id).marks.beak).toEqual([]);
});

it('brings marks onto the pictures that lie beside the file, not onto others of their names', async () => {
  const store = new PhotoStore(storageInMemory().open);
  await store.open();
  const [first, second] = ['a', 'b'].map((folder) => store.add({ ...newPhoto('anna.jpg'), folder }).id);
  const marking = new MarksEditor(store);
  const { file: marks } = file(formatMarks({ schemes: { beak: scheme }, pictures: [picture('anna.jpg')] }));
  const said = ['b/marks.json: marks of 1 picture taken over.'];
  expect(await importMarks({ file: marks, folder: 'b' }, store, marking)).toEqual(said);
  expect([store.get(first).marks, Object.keys(store.get(second).marks)]).toEqual([{}, ['beak']]);
});

it('brings marks onto the pictures that came along, where others have their very names', async () => {
  const store = new PhotoStore(storageInMemory().open);
  await store.open();
  const [first, second] = ['one', 'the other'].map(
    (content) => store.add({ ...newPhoto('anna.jpg'), file: new Blob([content]) }).id,
  );
  const incoming = file(formatMarks({ schemes: { beak: scheme }, pictures: [picture('anna.jpg')] }));
  const beside = [{ file: new File(['the other'], 'anna.jpg'), folder: '' }];
  await importMarks(incoming, store, new MarksEditor(store), beside);
  expect([store.get(first).marks, Object.keys(store.get(second).marks)]).toEqual([{}, ['beak']]);
});

it('is told from landmarks, and refused by name where it is damaged', async () => {
  const store = new PhotoStore(storageInMemory().open);
  expect(await isMarks(file('{"format":"mien-landmarks"}'))).toBe(false);
  await expect(importMarks(file('{"format":"mien-marks"'), store, new MarksEditor(store))).rejects.toThrow(
    'marks.json: is not valid JSON',
  );
});

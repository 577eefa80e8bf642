import { expect, test, vi } from 'vitest';
import { foundFace, newPhoto, photoModel, storageInMemory } from '../../../../tests/fixtures/photos';
import { fromNetwork } from '../corrections/faces';
import type { Photo } from '../types';
import type { Here } from './left-here';
import { SavedCopy } from './saved-copy';

const { file, ...picture } = newPhoto('anna.jpg');
const added: Photo = {
  ...{ ...picture, id: 'anna', bytes: file.size, addedMs: 1, work: { kind: 'waiting' } },
  ...{ results: {}, marks: {}, isKept: false },
};
const results = { small: { model: 'small', found: fromNetwork([foundFace(1, 0)]), corrected: null } };
const hereWith = (...photos: Photo[]): Here => ({
  ...{ photos, models: { small: photoModel('small') } },
  ...{ schemes: {}, lessons: {} },
});

async function setUp() {
  const memory = storageInMemory();
  const storage = await memory.open({});
  const calls = {
    add: vi.spyOn(storage, 'add'),
    putPhoto: vi.spyOn(storage, 'putPhoto'),
    putResults: vi.spyOn(storage, 'putResults'),
  };
  const events = { onKept: vi.fn(), onGone: vi.fn() };
  const copy = new SavedCopy(Promise.resolve(storage), events);
  /** How often storage was given a picture with its file, its record alone, and results. */
  const counts = () => Object.values(calls).map(({ mock }) => mock.calls.length);
  return { memory, copy, events, counts };
}

test('a picture goes to storage with its file once, then only what changed of it', async () => {
  const { memory, copy, events, counts } = await setUp();
  copy.holdFile('anna', file);
  expect(await copy.file(added)).toBe(file);
  await copy.write('anna', hereWith(added));
  expect([counts(), events.onKept.mock.calls]).toEqual([[1, 0, 0], [['anna']]]);
  // The file is storage's from now on.
  memory.files.set('anna', new Blob(['from storage']));
  expect(await (await copy.file(added)).text()).toBe('from storage');
  await copy.write('anna', hereWith({ ...added, results }));
  await copy.write('anna', hereWith({ ...added, results }));
  expect(counts()).toEqual([1, 0, 1]);
  const truth = [new Float32Array([1, 2])];
  await copy.write('anna', hereWith({ ...added, results, truth }));
  expect([counts(), copy.photo('anna')]).toEqual([[1, 1, 1], { ...added, results, truth }]);
});

test('a picture that came from storage is written only where it changed', async () => {
  const { memory, copy, counts } = await setUp();
  memory.photos.set('anna', added);
  copy.adopt([added]);
  await copy.write('anna', hereWith(added));
  expect(counts()).toEqual([0, 0, 0]);
});

test('what is not here any more is removed there', async () => {
  const { memory, copy } = await setUp();
  copy.holdFile('anna', file);
  await copy.write('anna', hereWith(added));
  await copy.write('anna', hereWith());
  expect([memory.photos.size, memory.files.size, copy.photo('anna')]).toEqual([0, 0, undefined]);
});

test('a picture that another tab removed is told of, and not written', async () => {
  const { memory, copy, events } = await setUp();
  copy.adopt([added]);
  const changed = { ...added, results };
  await copy.write('anna', hereWith(changed));
  expect(events.onGone.mock.calls).toEqual([[changed]]);
  expect([memory.results.size, copy.photo('anna')]).toEqual([0, undefined]);
});

test('points that a person named, and what was learned of them, have keys of their own', async () => {
  const { memory, copy } = await setUp();
  const beard = { id: 'beard', title: 'Beard' } as never;
  const lesson = { id: 'beard', model: 'beard-1' } as never;
  const here: Here = { ...hereWith(), schemes: { beard }, lessons: { beard: lesson } };
  await copy.write('scheme:beard', here);
  await copy.write('lesson:beard', here);
  expect([[...memory.schemes], [...memory.lessons]]).toEqual([[['beard', beard]], [['beard', lesson]]]);
  await copy.write('lesson:other', here);
  await copy.write('scheme:beard', hereWith());
  expect([memory.schemes.size, memory.lessons.size]).toEqual([0, 0]);
});

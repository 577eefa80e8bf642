import { expect, test } from 'vitest';
import { newPhoto, photoModel } from '../../../../tests/fixtures/photos';
import type { Photo } from '../types';
import { toPhoto, withStored } from './from-storage';
import type { Here } from './left-here';
import type { KeptPhoto } from './photo-storage';

const { file, ...picture } = newPhoto('anna.jpg');
const kept = (id: string, addedMs: number, name = id): KeptPhoto => ({
  ...{ ...picture, id, name, addedMs, bytes: file.size },
  ...{ results: {}, marks: {} },
});
const here = (...photos: Photo[]): Here => ({ photos, models: {}, schemes: {}, lessons: {} });
const stored = (...photos: KeptPhoto[]) => ({ photos, models: {}, schemes: {}, lessons: {} });

test('a picture from storage is done where a model has processed it, else it waits', () => {
  const results = { small: { model: 'small', found: [], corrected: null } };
  expect(toPhoto(kept('anna', 1))).toMatchObject({ work: { kind: 'waiting' }, isKept: true });
  expect(toPhoto({ ...kept('anna', 1), results })).toMatchObject({ work: { kind: 'done' }, results });
});

test('pictures that came into storage take their place by time, and that of older ones of the same id', () => {
  const [anna, bert] = [toPhoto(kept('anna', 1)), toPhoto(kept('bert', 3))];
  const fresh = [kept('carl', 2), kept('bert', 3, 'bert anew')];
  const { photos, fresh: taken } = withStored(here(anna, bert), stored(...fresh), []);
  expect(photos.map(({ name }) => name)).toEqual(['anna', 'carl', 'bert anew']);
  expect(photos[0]).toBe(anna);
  expect(taken.map(({ id }) => id)).toEqual(['carl', 'bert']);
});

test('what is not saved as it is here stays as it is here', () => {
  const scheme = (id: string, title: string) => ({ id, title }) as never;
  const page: Here = {
    ...here(toPhoto(kept('anna', 1, 'as here'))),
    schemes: { beard: scheme('beard', 'as here'), ear: scheme('ear', 'as here') },
    lessons: { ear: scheme('ear', 'as here') },
  };
  const storage = {
    ...stored(kept('anna', 1, 'stored')),
    models: { small: photoModel('small') },
    schemes: { beard: scheme('beard', 'stored'), ear: scheme('ear', 'stored') },
    lessons: { ear: scheme('ear', 'stored') },
  };
  const { photos, fresh, models, schemes, lessons } = withStored(page, storage, ['anna', 'scheme:beard']);
  expect([photos.map(({ name }) => name), fresh]).toEqual([['as here'], []]);
  expect(Object.keys(models)).toEqual(['small']);
  expect(Object.values(schemes).map(({ title }) => title)).toEqual(['as here', 'stored']);
  expect(lessons.ear).toMatchObject({ title: 'stored' });
});

/** What the tests of Photos share: a store in memory that fails on demand, and pictures, models and faces to put into it. */

import type { Face } from '../../engine/types';
import type { PhotoRecord } from '../../storage/photo-schema';
import type { OpenOptions, PhotoStore } from '../../storage/photos';
import type { NewPhoto, PhotoModel, PhotoResult } from '../types';

/** Of three points, the first at (x, y). */
export function foundFace(x: number, y: number): Face {
  return {
    points: new Float32Array([x, y, x + 10, y, x + 5, y + 20]),
    spread: new Float32Array([1, 2, 3]),
    box: { x, y, width: 10, height: 20 },
    score: 0.9,
    id: 1,
  };
}

export function photoModel(id: string): PhotoModel {
  return {
    id,
    title: `Model ${id}`,
    family: 'regression',
    scheme: {
      id: 'three',
      pointCount: 3,
      names: ['left', 'right', 'chin'],
      groups: { all: [0, 1, 2] },
      edges: [],
      mirror: [1, 0, 2],
      normalisingPair: [0, 1],
      eyes: [[0], [1]],
      meanFace: null,
    },
  };
}

/** Its file holds its name. */
export function newPhoto(name: string): NewPhoto {
  const thumbnail = new Blob(['small']);
  return {
    name,
    folder: '',
    type: 'image/jpeg',
    file: new Blob([name]),
    width: 40,
    height: 30,
    thumbnail,
    truth: [],
  };
}

export interface MemoryStore {
  open(options?: OpenOptions): Promise<PhotoStore>;
  readonly photos: Map<string, PhotoRecord>;
  readonly files: Map<string, Blob>;
  readonly results: Map<string, PhotoResult[]>;
  readonly models: Map<string, PhotoModel>;
  /** Thrown by every write while it is set; `file` is what is written. */
  refuse: ((photo: PhotoRecord, what: 'photo' | 'results') => Error | null) | null;
}

/** A store that outlives the shelves that open it, as a database outlives the page. */
export function storeInMemory(): MemoryStore {
  const store: MemoryStore = {
    photos: new Map(),
    files: new Map(),
    results: new Map(),
    models: new Map(),
    refuse: null,
    open: async () => ({
      load: async () => ({
        photos: [...store.photos.values()].map((photo) => ({
          ...photo,
          results: Object.fromEntries(
            (store.results.get(photo.id) ?? []).map((result) => [result.model, result]),
          ),
        })),
        models: Object.fromEntries(store.models),
      }),
      add: async (photo, file) => {
        check(photo, 'photo');
        store.photos.set(photo.id, photo);
        store.files.set(photo.id, file);
      },
      putPhoto: async (photo) => {
        check(photo, 'photo');
        store.photos.set(photo.id, photo);
      },
      putResults: async (photo, results, models) => {
        check(photo, 'results');
        const others = (store.results.get(photo.id) ?? []).filter(
          (old) => !results.some(({ model }) => model === old.model),
        );
        store.results.set(photo.id, [...others, ...results]);
        for (const model of models) store.models.set(model.id, model);
      },
      file: async (photo) => store.files.get(photo.id)!,
      remove: async (id) => {
        for (const map of [store.photos, store.files, store.results]) map.delete(id);
      },
      close() {},
    }),
  };
  function check(photo: PhotoRecord, what: 'photo' | 'results'): void {
    const error = store.refuse?.(photo, what);
    if (error) throw error;
  }
  return store;
}

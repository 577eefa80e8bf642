/** What Photos has in a file of everything that a person made: pictures with their points and corrections, kept or not. */

import * as v from 'valibot';
import { looseItem } from '../../../services/backup/database-items';
import { createDatabasePart } from '../../../services/backup/database-part';
import type { BackupItem, BackupPart } from '../../../services/backup/types';
import type { PhotoLibrary } from '../library.svelte';
import { photoDatabase, type PhotoSchema } from './photo-schema';
import { toRecord } from './save-photo';

const points = v.instance(Float32Array);
const face = v.looseObject({ id: v.number(), points, network: v.looseObject({ points }) });
const faces = v.nullable(v.array(face));

/** Items by themselves. */
const loose = { quiet: ['models', 'lessons'], nouns: { schemes: 'set of points' } };

export function createPhotosPart(library: PhotoLibrary): BackupPart {
  return createDatabasePart<PhotoSchema>({
    name: 'photos',
    title: 'Photos',
    noun: 'picture',
    database: photoDatabase,
    main: 'photos',
    titleOf: ({ name }) => String(name),
    schemas: {
      photos: v.looseObject({
        id: v.string(),
        name: v.string(),
        folder: v.string(),
        bytes: v.number(),
        width: v.number(),
        height: v.number(),
        addedMs: v.number(),
        truth: v.array(points),
      }),
      files: v.instance(Blob),
      results: v.looseObject({ photo: v.string(), model: v.string(), found: faces, corrected: faces }),
      models: v.looseObject({
        id: v.string(),
        title: v.string(),
        scheme: v.looseObject({ names: v.array(v.string()) }),
      }),
      schemes: v.looseObject({
        id: v.string(),
        title: v.string(),
        points: v.array(v.looseObject({ id: v.string(), name: v.string() })),
      }),
      marks: v.looseObject({
        photo: v.string(),
        scheme: v.string(),
        faces: v.array(
          v.looseObject({ id: v.number(), points: v.record(v.string(), v.tuple([v.number(), v.number()])) }),
        ),
      }),
      lessons: v.looseObject({ id: v.string(), model: v.string() }),
    },
    ours: ['found', 'thumbnail', 'addedMs'],
    ...loose,
    async settle() {
      await library.opened();
      // Room may have been made on this very page.
      library.store.retry();
      await library.store.settled();
    },
    more: () => unsaved(library),
    refresh: () => library.refresh(),
  });
}

/** What found no room, or came in a window that keeps nothing: here above all it can be saved. */
async function* unsaved({ store }: PhotoLibrary): AsyncGenerator<BackupItem> {
  const { photos, models, schemes, lessons } = await store.unsaved();
  for (const [name, all] of Object.entries({ models, schemes, lessons }))
    for (const value of all) yield looseItem(name, value, value.id, loose);
  for (const { photo, file } of photos)
    yield {
      id: photo.id,
      title: photo.name,
      async *records() {
        yield { store: 'photos', key: photo.id, value: toRecord(photo) };
        if (file) yield { store: 'files', key: photo.id, value: file };
        for (const result of Object.values(photo.results))
          yield { store: 'results', key: [photo.id, result.model], value: { ...result, photo: photo.id } };
        for (const [scheme, faces] of Object.entries(photo.marks))
          yield { store: 'marks', key: [photo.id, scheme], value: { photo: photo.id, scheme, faces } };
      },
    };
}

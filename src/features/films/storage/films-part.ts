/** What Films has in a file of everything that a person made: films with what was found in them, names and edits. */

import * as v from 'valibot';
import { createDatabasePart } from '../../../services/backup/database-part';
import type { BackupItem, BackupPart, StoredRecord } from '../../../services/backup/types';
import type { FilmLibrary } from '../library.svelte';
import type { FilmRecord, TrackedFrame } from '../types';
import { CHUNK_FRAMES, filmDatabase, type FilmSchema } from './film-storage';

export function createFilmsPart(library: FilmLibrary): BackupPart {
  return createDatabasePart<FilmSchema>({
    name: 'films',
    title: 'Films',
    noun: 'film',
    database: filmDatabase,
    main: 'films',
    titleOf: ({ name }) => String(name),
    schemas: {
      films: v.looseObject({
        id: v.string(),
        name: v.string(),
        bytes: v.number(),
        state: v.picklist(['waiting', 'reading', 'paused', 'cancelled', 'done', 'failed']),
        notes: v.array(v.string()),
        done: v.number(),
        edits: v.array(v.looseObject({ kind: v.string() })),
        names: v.record(v.string(), v.string()),
        hidden: v.array(v.number()),
      }),
      files: v.instance(Blob),
      chunks: v.array(
        v.looseObject({
          index: v.number(),
          timeMs: v.number(),
          faces: v.array(v.looseObject({ track: v.number(), points: v.instance(Float32Array) })),
        }),
      ),
    },
    derived: ['outlines'],
    ours: ['state', 'problem', 'notes', 'isKept', 'addedMs', 'method'],
    // Two readings of one film are cut into pieces at other places.
    isWhole: true,
    settle: () => library.opened(),
    more: () => unstored(library),
    asHere: (stored) => ({ ...library.asShown(stored as unknown as FilmRecord) }),
    refresh: () => library.refresh(),
  });
}

/** Films of a window that keeps nothing, and those that found no room: here above all they can be saved. */
async function* unstored(library: FilmLibrary): AsyncGenerator<BackupItem> {
  for (const film of library.films)
    if (!library.isStored(film.id))
      yield { id: film.id, title: film.name, records: () => recordsOf(film, library) };
}

async function* recordsOf(film: FilmRecord, library: FilmLibrary): AsyncGenerator<StoredRecord> {
  const { id } = film;
  const file = library.file(id);
  yield { store: 'films', key: id, value: { ...film, isKept: file !== null } };
  if (file) yield { store: 'files', key: id, value: file };
  let chunk: TrackedFrame[] = [];
  for await (const frame of library.storage.frames(id)) {
    chunk.push(frame);
    if (chunk.length < CHUNK_FRAMES) continue;
    yield { store: 'chunks', key: [id, chunk[0].index], value: chunk };
    chunk = [];
  }
  if (chunk.length) yield { store: 'chunks', key: [id, chunk[0].index], value: chunk };
}

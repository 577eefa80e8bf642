/** The recordings in a file of everything that a person made. */

import * as v from 'valibot';
import { createDatabasePart } from '../../../services/backup/database-part';
import type { BackupItem, BackupPart } from '../../../services/backup/types';
import { recordingDatabase, type RecordingSchema } from './recording-storage';
import type { Recordings } from './recordings.svelte';

const titleOf = (startedMs: number) => `recording of ${new Date(startedMs).toLocaleString()}`;

export function createRecordingsPart(recordings: Recordings): BackupPart {
  return createDatabasePart<RecordingSchema>({
    name: 'recordings',
    title: 'Recordings',
    noun: 'recording',
    database: recordingDatabase,
    main: 'recordings',
    titleOf: ({ startedMs }) => titleOf(Number(startedMs)),
    schemas: {
      recordings: v.looseObject({
        id: v.string(),
        startedMs: v.number(),
        type: v.string(),
        width: v.number(),
        height: v.number(),
        durationMs: v.number(),
        scheme: v.looseObject({ names: v.array(v.string()) }),
      }),
      parts: v.looseObject({ video: v.instance(Blob), frames: v.instance(Blob) }),
    },
    ours: [],
    isWhole: true,
    more: () => unkept(recordings),
    refresh: () => recordings.load(),
  });
}

/** Those of a window that keeps nothing: here above all they can be saved. */
async function* unkept(recordings: Recordings): AsyncGenerator<BackupItem> {
  for (const { record, parts } of await recordings.unkept())
    yield {
      id: record.id,
      title: titleOf(record.startedMs),
      async *records() {
        yield { store: 'recordings', key: record.id, value: record };
        for (const [i, value] of parts.entries()) yield { store: 'parts', key: [record.id, i], value };
      },
    };
}
